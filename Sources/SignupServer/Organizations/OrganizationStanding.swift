import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// What people are told where editing rests: why, what stays, and where to go on. On every page of the organization, and in the place of one
/// that would have changed something.
enum OrganizationStanding {
    /// For the frame of a page; nothing where editing goes on.
    static func value(_ organization: OrganizationAccess, _ strings: UIStrings) -> TemplateValue {
        guard !organization.status.allowsEditing else { return .none }
        return [
            "words": .text(words(organization, strings.language).text(strings)),
            "plan": .text(PlanRoutes.path(organization.slug).text),
            "export": organization.roles.isDisjoint(with: ExportRoutes.roles) ? .none : .text(ExportRoutes.path(organization.slug).text),
        ]
    }

    static func words(_ organization: OrganizationAccess, _ language: Language) -> Words {
        switch organization.status {
        case .trialing, .active: "standing.open"
        case .frozen: "standing.frozen"
        case .suspended: "standing.suspended"
        case .closed:
            organization.deletionDay.map { .string("standing.closed", ["date": DateText.text(for: language).date.text($0)]) } ?? "standing.closing"
        }
    }

    /// The page in the place of one that changes something.
    static func page(_ organization: OrganizationAccess, _ language: Language) -> Page {
        var page = Page(
            "resting", title: "error.423.title", status: .locked, words: ["words": words(organization, language)],
            values: [
                "dashboard": .text(DashboardRoutes.path(organization.slug).text), "plan": .text(PlanRoutes.path(organization.slug).text),
                "export": organization.roles.isDisjoint(with: ExportRoutes.roles) ? .none : .text(ExportRoutes.path(organization.slug).text),
            ])
        page.showsStanding = false
        return page
    }
}

/// A member may do this, but not now. It brings its page along.
struct OrganizationRests: HTTPResponseError {
    let page: Response

    var status: HTTPResponse.Status { page.status }

    func response(from request: Request, context: some RequestContext) throws -> Response { page }
}
