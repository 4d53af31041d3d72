import Database
import SiteBuilder
import Tenancy

/// Who changes something about the people of an organization.
struct PeopleActor: Sendable {
    let user: SignedInUser
    let access: OrganizationAccess

    init(_ context: AppContext) throws {
        user = try context.user()
        access = try context.organization()
    }

    var organization: OrganizationID { access.id }

    /// What counts is what is so when the change is written: somebody else may just have ended the actor's seat.
    func roles(_ roster: Roster, at now: Instant) -> Set<Role> {
        if case .user(let id) = access.actor { roster.roles(of: id, at: now) } else { access.roles }
    }

    /// Somebody who acts for an owner has no seat of their own here.
    func holds(_ seat: Membership) -> Bool { access.actor == .user(seat.user) }
}

/// Why something about people was not done.
enum PeopleRefusal: Error, Sendable, Hashable {
    /// Nothing of the kind in this organization, or not any more.
    case unknown
    case forbidden
    /// The organization would be without an owner.
    case lastOwner
    /// The person has a seat in that role.
    case taken
    case tooManyInvitations
    /// A seat is handed over once at a time.
    case handoverUnderWay
    /// Mails that somebody has a right to can't be sent now.
    case tooManyMails
}

/// Puts a mail into the queue, in the transaction that makes it necessary.
typealias PeopleMail = @Sendable (MailDraft, Connection) throws -> MailQueue.Outcome

/// What all that is done with people works with.
struct PeoplePlatform: Sendable {
    let platform: Platform
    let mail: PeopleMail
    let strings: StringTable

    /// A user's address and language, for mails.
    struct Recipient: Sendable, Hashable {
        let user: UniqueID
        let name: String
        let email: EmailAddress
        let language: Language
    }

    static func recipient(_ user: UniqueID, _ connection: Connection) throws -> Recipient? {
        guard let user = try User.find(user, connection), let email = try? EmailAddress(user.email) else { return nil }
        return Recipient(user: user.id, name: user.shownName, email: email, language: user.language)
    }

    static func owners(_ roster: Roster, at now: Instant, _ connection: Connection) throws -> [Recipient] {
        try roster.inForce(.owner, at: now).compactMap { try recipient($0.user, connection) }
    }

    static func organization(_ id: OrganizationID, _ connection: Connection) throws -> Organization {
        guard let row = try connection.row("SELECT \(Organization.columns) FROM organization WHERE id = :id", ["id": id]) else {
            throw PeopleRefusal.unknown
        }
        return try Organization(row)
    }

    /// In the organization's own time zone.
    static func calendar(of id: OrganizationID, _ connection: Connection) throws -> TermCalendar {
        struct Place: Decodable { var timeZone: String? }
        let settings: JSONText? = try connection.row("SELECT settings FROM organization WHERE id = :id", ["id": id])?["settings"]
        let place = try? settings?.decode(as: Place.self)
        return TermCalendar(zone: place?.timeZone.flatMap { TimeZoneRules.named($0) } ?? .utc)
    }

    func role(_ role: Role, in language: Language) -> String { RoleWords.name(role).text(strings[language]) }

    func address(_ path: LocalPath) -> String { platform.addresses.app + path.text }
}

extension User {
    var shownName: String { name.isEmpty ? email : name }
}

/// What the roles are called.
enum RoleWords {
    static func name(_ role: Role) -> Words {
        switch role {
        case .owner: "people.role_owner"
        case .officer: "people.role_officer"
        case .editor: "people.role_editor"
        case .treasurer: "people.role_treasurer"
        case .viewer: "people.role_viewer"
        }
    }

    static func hint(_ role: Role) -> Words {
        switch role {
        case .owner: "people.role_owner_hint"
        case .officer: "people.role_officer_hint"
        case .editor: "people.role_editor_hint"
        case .treasurer: "people.role_treasurer_hint"
        case .viewer: "people.role_viewer_hint"
        }
    }
}
