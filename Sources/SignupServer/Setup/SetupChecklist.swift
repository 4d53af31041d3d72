import SiteBuilder
import Tenancy

/// All that the checklist is computed from.
struct SetupFacts: Sendable {
    var settings: Settings
    var board: Board
    /// Events that are not over.
    var upcomingEvents = 0
    /// Posts that somebody here has written.
    var ownPosts = 0
    /// Users who have a seat.
    var people = 1
    var openInvitations = 0
    /// Steps that somebody has looked over and saved.
    var savedSteps: Set<SetupStep> = []
}

/// What belongs to a site that is set up, and what of it is done. Nothing is ticked by hand: it is done when the facts say so.
struct SetupChecklist: Sendable, Equatable {
    enum Item: String, Sendable, Hashable, CaseIterable {
        case name, colors, picture, time, officers, meetings, contact, news, people, home
    }

    let done: Set<Item>

    init(_ facts: SetupFacts) {
        done = Set(Item.allCases.filter { Self.isDone($0, facts) })
    }

    var isFinished: Bool { done.count == Item.allCases.count }

    private static func isDone(_ item: Item, _ facts: SetupFacts) -> Bool {
        let settings = facts.settings
        return switch item {
        case .name:
            settings.unit.kind != nil && settings.unit.state != nil && (settings.unit.number ?? settings.unit.council) != nil
                && settings.school.address != nil
        // Who likes the starter's colours has chosen them by saving them.
        case .colors: [settings.colors.primary.hex, settings.colors.accent.hex] != starterColors || facts.savedSteps.contains(.colors)
        case .picture: settings.logo != nil || settings.hero?.image.map { $0.path != starterPicture } ?? false
        // Right in most cases as the sign-up has set them; somebody has to look.
        case .time: facts.savedSteps.contains(.time) || settings.languages.count > 1
        case .officers: facts.board.officers.contains { !$0.isVacant && $0.name?.isEmpty == false }
        case .meetings: facts.upcomingEvents > 0
        case .contact: settings.contact.email != nil
        case .news: facts.ownPosts > 0 || settings.announcement != nil
        case .people: facts.people > 1 || facts.openInvitations > 0
        case .home: settings.home != starterSections || facts.savedSteps.contains(.home)
        }
    }

    // MARK: What the starter says

    private static let starterColors = [SignUpForm.Field.primary, SignUpForm.Field.accent].compactMap { SignUpForm.colors[$0] }
    private static let starterPicture = "media/schoolhouse.svg"
    private static let starterSections: [Settings.HomeSection] = [.hero, .nextMeeting, .welcome, .news, .volunteer, .contact]

    /// Whether a post is the starter's.
    static func isStarters(_ post: SiteOverview.Post) -> Bool {
        post.file.hasSuffix("-welcome.md") && post.title == "We have a new website"
    }
}

extension SetupChecklist.Item {
    var label: Words {
        switch self {
        case .name: "checklist.name"
        case .colors: "checklist.colors"
        case .picture: "checklist.picture"
        case .time: "checklist.time"
        case .officers: "checklist.officers"
        case .meetings: "checklist.meetings"
        case .contact: "checklist.contact"
        case .news: "checklist.news"
        case .people: "checklist.people"
        case .home: "checklist.home"
        }
    }

    /// Where it is done.
    func path(_ slug: Slug) -> LocalPath {
        switch self {
        case .name, .contact: SetupRoutes.path(slug, .name)
        case .colors, .picture: SetupRoutes.path(slug, .colors)
        case .time: SetupRoutes.path(slug, .time)
        case .officers: SetupRoutes.path(slug, .officers)
        case .meetings: SetupRoutes.path(slug, .meetings)
        case .home: SetupRoutes.path(slug, .home)
        case .news: DashboardRoutes.path(slug).appending("settings").appending("announcement")
        case .people: DashboardRoutes.path(slug).appending("people")
        }
    }
}
