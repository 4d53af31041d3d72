import SiteBuilder

/// The feature put together: its routes, and its job.
struct People: Sendable {
    let routes: [Route]
    let jobHandler: JobHandler

    init(web: Web, platform: Platform, mail: @escaping PeopleMail) {
        let people = PeoplePlatform(platform: platform, mail: mail, strings: web.pages.strings)
        let invitations = Invitations(people: people)
        let recoveries = OwnerRecoveries(people: people)
        routes =
            PeopleRoutes(web: web, people: people, seats: Seats(people: people), invitations: invitations).routes
            + InvitationRoutes(web: web, platform: platform, invitations: invitations).routes
            + HandoverRoutes(web: web, people: people, handovers: Handovers(people: people, invitations: invitations)).routes
            + RecoveryRoutes(web: web, people: people, recoveries: recoveries).routes
        jobHandler = SeatJobs(people: people, recoveries: recoveries).handler
    }
}
