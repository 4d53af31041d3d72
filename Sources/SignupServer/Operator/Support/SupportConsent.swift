import Database
import Tenancy

/// An owner's permission for whoever runs the platform to act for the organization, for some days.
struct SupportConsent: Sendable, Hashable {
    enum Scope: String, Sendable, Hashable, CaseIterable {
        case look, edit

        /// As which an operator acts.
        var role: Role { self == .edit ? .owner : .viewer }
    }

    let id: UniqueID
    let scope: Scope
    let startsAt: Instant
    let endsAt: Instant

    /// For how long it can be given.
    static let days = [1, 3, 7]

    private init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        scope = try row["scope"]
        startsAt = try row["starts_at"]
        endsAt = try row["ends_at"]
    }

    /// What makes a row of `operator_consent` count at `:now`.
    static let isInForce =
        "operator_consent.withdrawn_at IS NULL AND operator_consent.starts_at <= :now AND operator_consent.ends_at > :now"

    /// The one in force, if there is one.
    static func current(of organization: OrganizationID, at now: Instant, _ connection: Connection) throws(DatabaseError) -> SupportConsent? {
        guard
            let row = try connection.row(
                "SELECT * FROM operator_consent WHERE organization_id = :id AND \(isInForce) ORDER BY starts_at DESC, id DESC LIMIT 1",
                ["id": organization, "now": now])
        else { return nil }
        return try SupportConsent(row)
    }

    /// Gives one, in place of one in force.
    static func give(
        _ id: UniqueID, _ scope: Scope, days: Int, of organization: OrganizationAccess, by user: UniqueID, at now: Instant, _ connection: Connection
    ) throws(DatabaseError) {
        try withdraw(of: organization, at: now, connection)
        try connection.execute(
            """
            INSERT INTO operator_consent (id, organization_id, given_by, scope, starts_at, ends_at)
            VALUES (:id, :organization, :user, :scope, :now, :end)
            """,
            [
                "id": id, "organization": organization.id, "user": user, "scope": scope, "now": now,
                "end": now.adding(seconds: Int64(days) * 86_400),
            ])
        try AuditLog.add(
            .consentGiven, scope.rawValue, ["days": String(days)], by: organization.actor, to: organization.id, at: now, in: connection)
    }

    /// Takes back what is in force, if anything is. Whoever is in is out with their next request.
    static func withdraw(of organization: OrganizationAccess, at now: Instant, _ connection: Connection) throws(DatabaseError) {
        guard let consent = try current(of: organization.id, at: now, connection) else { return }
        try connection.execute(
            "UPDATE operator_consent SET withdrawn_at = :now WHERE organization_id = :id AND \(isInForce)", ["id": organization.id, "now": now])
        try AuditLog.add(.consentWithdrawn, consent.scope.rawValue, by: organization.actor, to: organization.id, at: now, in: connection)
    }
}

extension SupportConsent.Scope: SQLConvertible {}

/// An operator's use of a consent: for an hour at the most, and no longer than the consent.
enum SupportEntry {
    static let seconds: Int64 = 3_600

    /// Begins one, and says so in the audit log. False if there is no consent in force.
    /// - Parameter reason: for the owners, without personal data.
    static func enter(
        _ id: UniqueID, _ organization: OrganizationID, by user: UniqueID, reason: String, at now: Instant, _ connection: Connection
    ) throws(DatabaseError) -> Bool {
        guard let consent = try SupportConsent.current(of: organization, at: now, connection) else { return false }
        try connection.execute(
            "INSERT INTO operator_entry (id, consent_id, user_id, entered_at) VALUES (:id, :consent, :user, :now)",
            ["id": id, "consent": consent.id, "user": user, "now": now])
        try AuditLog.add(
            .operatorEntered, consent.scope.rawValue, ["reason": reason], by: .operator(user), to: organization, at: now, in: connection)
        return true
    }

    static func leave(_ organization: OrganizationID, _ user: UniqueID, at now: Instant, _ connection: Connection) throws(DatabaseError) {
        try connection.execute(
            """
            UPDATE operator_entry SET left_at = :now WHERE user_id = :user AND left_at IS NULL
                AND consent_id IN (SELECT id FROM operator_consent WHERE organization_id = :organization)
            """, ["organization": organization, "user": user, "now": now])
    }

    /// What an operator who has entered may do at this moment.
    static func access(of user: UniqueID, to slug: Slug, at now: Instant, _ connection: Connection) throws(DatabaseError) -> OrganizationAccess? {
        guard
            let row = try connection.row(
                """
                SELECT organization.id, organization.name, organization.subscription_status, operator_consent.scope FROM operator_entry
                JOIN operator_consent ON operator_consent.id = operator_entry.consent_id
                JOIN organization ON organization.id = operator_consent.organization_id
                WHERE operator_entry.user_id = :user AND organization.slug = :slug AND operator_entry.left_at IS NULL
                    AND operator_entry.entered_at <= :now AND operator_entry.entered_at > :earliest AND \(SupportConsent.isInForce)
                ORDER BY operator_entry.entered_at DESC LIMIT 1
                """, ["user": user, "slug": slug, "now": now, "earliest": now.adding(seconds: -seconds)])
        else { return nil }
        let scope: SupportConsent.Scope = try row["scope"]
        return OrganizationAccess(
            id: try row["id"], name: try row["name"], slug: slug, status: try row["subscription_status"], roles: [scope.role],
            actor: .operator(user))
    }
}
