import Database
import Repositories
import SiteBuilder
import Tenancy

/// What became of publishing a commit.
struct Publication: Sendable, Hashable {
    enum Outcome: String, Sendable, Hashable {
        case built
        /// Nothing that readers see is different.
        case unchanged
        /// What was live stays so; it is tried again.
        case failed
    }

    let commit: String
    let at: Instant
    let outcome: Outcome
    /// For the operator; empty unless it has failed.
    let problem: String
    /// How many findings the content has: pages with an error stay as they were.
    let errors: Int
    let warnings: Int
}

extension Publication.Outcome: SQLConvertible {}

extension Publication {
    init(_ report: TenantReport, of commit: CommitID, at now: Instant) {
        let (outcome, problem): (Outcome, String) =
            switch report.outcome {
            case .built: (.built, "")
            case .unchanged: (.unchanged, "")
            case .failed(let problem): (.failed, problem)
            }
        self.init(
            commit: commit.text, at: now, outcome: outcome, problem: problem, errors: report.findings.count { $0.severity == .error },
            warnings: report.findings.count { $0.severity == .warning })
    }

    private init(_ row: Row) throws(DatabaseError) {
        self.init(
            commit: try row["commit_id"], at: try row["at"], outcome: try row["outcome"], problem: try row["problem"], errors: try row["errors"],
            warnings: try row["warnings"])
    }

    private static let kept = 100

    func keep(_ id: UniqueID, of organization: OrganizationID, in connection: Connection) throws(DatabaseError) {
        try connection.execute(
            """
            INSERT INTO publication (id, organization_id, commit_id, at, outcome, problem, errors, warnings)
            VALUES (:id, :organization, :commit, :at, :outcome, :problem, :errors, :warnings)
            """,
            [
                "id": id, "organization": organization, "commit": commit, "at": at, "outcome": outcome,
                "problem": String(Redaction.clean(problem).prefix(500)), "errors": errors, "warnings": warnings,
            ])
        try connection.execute(
            """
            DELETE FROM publication WHERE organization_id = :organization AND id NOT IN (
                SELECT id FROM publication WHERE organization_id = :organization ORDER BY at DESC, id DESC LIMIT :kept)
            """, ["organization": organization, "kept": Self.kept])
    }

    /// The newest first.
    static func all(of organization: OrganizationID, limit: Int = kept, _ connection: Connection) throws(DatabaseError) -> [Publication] {
        var all: [Publication] = []
        for row in try connection.rows(
            "SELECT * FROM publication WHERE organization_id = :id ORDER BY at DESC, id DESC LIMIT :limit", ["id": organization, "limit": limit])
        { all.append(try Publication(row)) }
        return all
    }
}
