import Database

/// What a program may do with an organization. The raw value is kept in the database and in programs: one that has been in use is never changed.
enum APIScope: String, Sendable, Hashable, CaseIterable {
    case readOrganization = "organization:read"
    case readSettings = "settings:read"
    case writeSettings = "settings:write"
    case readPages = "pages:read"
    case readPublishes = "publishes:read"
    case writePublishes = "publishes:write"

    /// Whether it changes something. Where editing rests, only these are refused.
    var isWriting: Bool { self == .writeSettings || self == .writePublishes }

    /// What it allows, for the owner who ticks it.
    var words: Words {
        switch self {
        case .readOrganization: "programs.scope_organization_read"
        case .readSettings: "programs.scope_settings_read"
        case .writeSettings: "programs.scope_settings_write"
        case .readPages: "programs.scope_pages_read"
        case .readPublishes: "programs.scope_publishes_read"
        case .writePublishes: "programs.scope_publishes_write"
        }
    }
}

extension Set<APIScope> {
    /// As it is kept: names between spaces, in their order.
    var text: String { APIScope.allCases.filter(contains).map(\.rawValue).joined(separator: " ") }

    /// Names that this program doesn't know allow nothing.
    init(text: String) {
        self = Set(text.split(separator: " ").compactMap { APIScope(rawValue: String($0)) })
    }
}
