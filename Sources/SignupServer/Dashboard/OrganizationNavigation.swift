import SiteBuilder
import Templating
import Tenancy

/// The way around an organization's pages, on each of them. What a seat can't open is not shown.
enum OrganizationNavigation {
    private struct Item {
        /// Below the organization's own path; empty for its first page.
        let path: String
        let label: Words
        let roles: Set<Role>
    }

    private static let items = [
        Item(path: "", label: "navigation.dashboard", roles: Permission.all),
        Item(path: "settings", label: "navigation.settings", roles: Permission.editors),
        Item(path: "history", label: "navigation.history", roles: Permission.all),
        Item(path: "people", label: "navigation.people", roles: Permission.all),
        Item(path: "more", label: "navigation.more", roles: Permission.board),
    ]

    /// - Parameter path: of the page that is shown; an item is current for all that lies below it.
    static func value(_ organization: OrganizationAccess, at path: String, _ strings: UIStrings) -> TemplateValue {
        let home = DashboardRoutes.path(organization.slug)
        let items = items.filter { !$0.roles.isDisjoint(with: organization.roles) }.map { item -> TemplateValue in
            let address = item.path.isEmpty ? home : home.appending(item.path)
            let isCurrent =
                path == address.text || !item.path.isEmpty && path.hasPrefix(address.text + "/")
                || item.path == "more" && MoreRoutes.rows.contains { isBelow(home.appending($0.path), path) }
            return ["address": .text(address.text), "label": .text(item.label.text(strings)), "is_current": .bool(isCurrent)]
        }
        return ["name": .text(organization.name), "address": .text(home.text), "items": .list(items), "has_others": .bool(organization.hasOthers)]
    }

    private static func isBelow(_ page: LocalPath, _ path: String) -> Bool { path == page.text || path.hasPrefix(page.text + "/") }
}
