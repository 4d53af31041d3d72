import Crypto
import Database
import SiteBuilder
import Tenancy

/// What was done with one organization, and by whom: entries that are only ever added, in the transaction of what they tell of, each with a
/// hash over itself and all before it. An entry that is changed or taken out later shows (`problems`), here and in an export.
///
/// The hash of an entry is SHA-256, in lower-case hexadecimal digits, of the hash before it (of 64 zeros for the first), a line feed, and the
/// entry as a JSON object without its hash, keys in the order of `AuditEntry.json`, without white space.
struct AuditLog: Sendable {
    private let organization: OrganizationID
    private let database: PlatformDatabase

    init(of organization: OrganizationID, _ database: PlatformDatabase) {
        self.organization = organization
        self.database = database
    }

    // MARK: Writing

    /// Adds an entry, as part of the transaction that does what it tells of.
    /// - Parameters:
    ///   - subject: what it was done to: an id, a commit, a role. No name and no address.
    ///   - details: texts of the same kind.
    static func add(
        _ action: AuditAction, _ subject: String = "", _ details: [String: String] = [:], by actor: AuditActor, to organization: OrganizationID,
        at now: Instant, in connection: Connection
    ) throws(DatabaseError) {
        let last = try connection.row(
            "SELECT number, hash FROM audit_entry WHERE organization_id = :id ORDER BY number DESC LIMIT 1", ["id": organization])
        let number = try (last?["number"] as Int? ?? 0) + 1
        let entry = AuditEntry(number: number, at: now, actor: actor, action: action.rawValue, subject: subject, details: details)
        try connection.execute(
            """
            INSERT INTO audit_entry (organization_id, number, at, actor_kind, actor_id, action, subject, details, hash)
            VALUES (:organization, :number, :at, :kind, :actor, :action, :subject, :details, :hash)
            """,
            [
                "organization": organization, "number": number, "at": now, "kind": actor.kind, "actor": actor.id, "action": action,
                "subject": subject, "details": entry.detailsJSON.string, "hash": entry.hash(after: try last?["hash"] ?? AuditEntry.beginning),
            ])
    }

    // MARK: Reading

    /// The newest first.
    /// - Parameter number: only older ones than this.
    func entries(before number: Int = .max, limit: Int = 50) async throws -> [AuditEntry] {
        let organization = organization
        return try await database.read { connection in
            try connection.rows(
                "SELECT * FROM audit_entry WHERE organization_id = :id AND number < :number ORDER BY number DESC LIMIT :limit",
                ["id": organization, "number": number, "limit": limit]
            ).map { try AuditEntry($0) }
        }
    }

    /// The oldest first.
    /// - Parameter number: only newer ones than this.
    func entries(after number: Int, limit: Int) async throws -> [AuditEntry] {
        let organization = organization
        return try await database.read { connection in
            try connection.rows(
                "SELECT * FROM audit_entry WHERE organization_id = :id AND number > :number ORDER BY number LIMIT :limit",
                ["id": organization, "number": number, "limit": limit]
            ).map { try AuditEntry($0) }
        }
    }

    /// What is wrong with the chain, for the operator; empty when every entry is as it was written. That the newest ones were cut off shows in
    /// older copies only: a backup, an export.
    func problems() async throws -> [String] {
        let organization = organization
        return try await database.read { connection in
            var previous = AuditEntry.beginning
            var number = 0
            // Numbers from one to the next: a log may be long.
            while let row = try connection.row(
                "SELECT * FROM audit_entry WHERE organization_id = :id AND number > :number ORDER BY number LIMIT 1",
                ["id": organization, "number": number])
            {
                let hash: String = try row["hash"]
                // One that can't be read was not written by us either.
                guard let entry = try? AuditEntry(row) else { return ["audit entry \(number + 1) is not what was written"] }
                guard entry.number == number + 1 else { return ["audit entry \(number + 1) is missing"] }
                guard entry.hash(after: previous) == hash else { return ["audit entry \(entry.number) is not what was written"] }
                (previous, number) = (hash, entry.number)
            }
            return []
        }
    }
}

/// One entry of the log.
struct AuditEntry: Sendable, Hashable {
    let number: Int
    let at: Instant
    let actor: AuditActor
    /// `AuditAction`'s raw value; one of a newer program may be unknown to this one.
    let action: String
    let subject: String
    let details: [String: String]
    /// Empty until it is in the log.
    var hash = ""

    /// What stands for the hash before the first.
    static let beginning = String(repeating: "0", count: 64)

    init(number: Int, at: Instant, actor: AuditActor, action: String, subject: String, details: [String: String]) {
        self.number = number
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.details = details
    }

    init(_ row: Row) throws {
        guard let actor = AuditActor(kind: try row["actor_kind"], id: try row["actor_id"]) else {
            throw DatabaseError.value("an audit entry has no actor that we know")
        }
        let details: JSONText = try row["details"]
        self.init(
            number: try row["number"], at: try row["at"], actor: actor, action: try row["action"], subject: try row["subject"],
            details: try details.decode(as: [String: String].self))
        hash = try row["hash"]
    }

    func hash(after previous: String) -> String {
        Hexadecimal.text(SHA256.hash(data: Array("\(previous)\n\(json.string)".utf8)))
    }

    /// What the hash is over.
    var json: JSONValue { .object(members) }

    /// A line of an export: without its last member it is what the hash is over, byte for byte.
    var exported: JSONValue { .object(members + [("hash", .text(hash))]) }

    private var members: [(String, JSONValue)] {
        [
            ("number", .number(number)), ("at", .text("\(at)")), ("actor", .text(actor.kind)), ("actor_id", .text(actor.id?.description ?? "")),
            ("action", .text(action)), ("subject", .text(subject)), ("details", detailsJSON),
        ]
    }

    var detailsJSON: JSONValue { .object(details.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }) }
}

extension Platform {
    func auditLog(of organization: OrganizationID) -> AuditLog { AuditLog(of: organization, database) }
}
