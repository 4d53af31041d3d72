import SiteBuilder
import Templating
import Tenancy

/// The way around the console of those who run the platform, on each of its pages.
enum OperatorNavigation {
    static let home: LocalPath = "/operator"

    private static let items: [(path: LocalPath, label: Words)] = [
        (home, "operator.organizations"), ("/operator/jobs", "operator.jobs"), ("/operator/invites", "operator.invites"),
        ("/operator/waiting-list", "operator.waiting_list"), ("/operator/users", "operator.users"), ("/operator/health", "operator.health"),
    ]

    /// Nothing on other pages.
    /// - Parameter path: of the page that is shown.
    static func value(at path: String, _ user: SignedInUser?, _ strings: UIStrings) -> TemplateValue {
        guard user?.isOperator == true, path == home.text || path.hasPrefix(home.text + "/") else { return .none }
        let current = items.dropFirst().first { path == $0.path.text || path.hasPrefix($0.path.text + "/") }?.path ?? home
        return [
            "items": .list(
                items.map { item in
                    ["address": .text(item.path.text), "label": .text(item.label.text(strings)), "is_current": .bool(item.path == current)]
                })
        ]
    }
}

extension OrganizationAccess {
    /// What every page says on which an operator acts for an organization.
    func actingValue(_ strings: UIStrings) -> TemplateValue {
        guard isOperator else { return .none }
        let words: Words = roles.contains(.owner) ? "operator.acts_editing" : "operator.acts_looking"
        return ["words": .text(words.text(strings)), "leave": .text(OrganizationConsole.path(slug).appending("leave").text)]
    }
}
