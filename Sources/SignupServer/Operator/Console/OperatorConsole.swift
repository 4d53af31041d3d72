import Database
import Tenancy

/// The pages of those who run the platform. Every one of them is for operators only, and needs no seat in an organization.
struct OperatorConsole: Sendable {
    let web: Web
    let platform: Platform
    let recorder: MetricsRecorder
    let mail: @Sendable (MailDraft, Connection) throws -> Void

    var routes: [Route] {
        let actions = OperatorActions(platform: platform, mail: mail)
        let sizes = FolderSizes()
        return OrganizationList(web: web, platform: platform, sizes: sizes).routes
            + OrganizationConsole(web: web, platform: platform, actions: actions, sizes: sizes).routes
            + JobConsole(web: web, platform: platform).routes + SignUpConsole(web: web, platform: platform, actions: actions).routes
            + UserConsole(web: web, platform: platform, actions: actions).routes
            + HealthConsole(web: web, platform: platform, recorder: recorder).routes
    }
}
