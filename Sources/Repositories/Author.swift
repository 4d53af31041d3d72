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
    }

    /// The platform itself: sign-up, migrations.
    package static let platform = Author(name: "Marquee", mailbox: "platform")

    /// `Editor 5f3a`
    package let name: String
    /// What stands before the @: the user's id.
    private let mailbox: String

    /// `userID` is a UUID in lower case, as the database writes it; nil for anything else, so that nothing personal can slip in.
    package init?(_ role: Role, userID: String) {
        guard Self.isUUID(userID) else { return nil }
        self.init(name: "\(role.rawValue) \(userID.prefix(4))", mailbox: userID)
    }

    /// Reads what a commit says; nil if it wasn't written by us.
    init?(name: String, email: String) {
        guard email.hasSuffix(Self.domain) else { return nil }
        let mailbox = String(email.dropLast(Self.domain.count))
        if mailbox == Self.platform.mailbox, name == Self.platform.name {
            self = .platform
            return
        }
        guard let role = Role(rawValue: String(name.prefix { $0 != " " })), let author = Author(role, userID: mailbox), author.name == name else {
            return nil
        }
        self = author
    }

    private init(name: String, mailbox: String) {
        self.name = name
        self.mailbox = mailbox
    }

    /// `.invalid` never leads anywhere (RFC 2606).
    package var email: String { mailbox + Self.domain }
    /// Nil for the platform.
    package var userID: String? { self == .platform ? nil : mailbox }

    private static let domain = "@users.marquee.invalid"

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.joined().allSatisfy { isLowerHexadecimalDigit($0) }
    }
}
