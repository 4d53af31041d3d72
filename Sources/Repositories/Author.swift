package import Tenancy

/// Who made a commit, as git shows it: a pseudonym.
///
/// A history is copied, exported and kept for ever, so no name and no e-mail address may get into it. The database knows whose id it is, for as
/// long as it may; after that the history is anonymous by itself.
package struct Author: Sendable, Hashable {
    package enum Role: String, Sendable, CaseIterable {
        case owner = "Owner"
        case officer = "Officer"
        case editor = "Editor"
        case treasurer = "Treasurer"
        case `operator` = "Operator"
        /// With a token of the organization; the id is the token's.
        case program = "Program"
    }

    /// The platform itself: sign-up, migrations.
    package static let platform = Author(name: "Marquee", userID: nil, role: nil)

    /// `Editor 5f3a`: the role, and the end of the user's id, because ids begin with the time.
    package let name: String
    /// Nil for the platform.
    package let userID: UniqueID?
    /// Nil for the platform.
    package let role: Role?

    package init(_ role: Role, userID: UniqueID) {
        self.init(name: "\(role.rawValue) \(userID.description.suffix(4))", userID: userID, role: role)
    }

    /// Reads what a commit says; nil if it wasn't written by us.
    init?(name: String, email: String) {
        if name == Self.platform.name, email == Self.platform.email {
            self = .platform
            return
        }
        guard email.hasSuffix(Self.domain), let userID = UniqueID(email.dropLast(Self.domain.count)),
            let role = Role(rawValue: String(name.prefix { $0 != " " })), name == Author(role, userID: userID).name
        else { return nil }
        self.init(role, userID: userID)
    }

    private init(name: String, userID: UniqueID?, role: Role?) {
        self.name = name
        self.userID = userID
        self.role = role
    }

    /// `.invalid` never leads anywhere (RFC 2606).
    package var email: String { (userID?.description ?? "platform") + Self.domain }

    private static let domain = "@users.marquee.invalid"
}
