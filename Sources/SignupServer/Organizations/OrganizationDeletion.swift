import Database
import Foundation
import SiteBuilder
import Tenancy

/// The end of a closed organization. First one transaction takes all that the platform's database knows of it and promises the rest; from then on
/// nobody can open it again. Then a job removes its site and its folder, and goes on where an earlier attempt was cut off.
///
/// Its short name and its hosts stay claimed for ever: old links and printed codes must not lead to somebody else.
struct OrganizationDeletion: Sendable {
    let platform: Platform

    static let kind = "delete"

    static func moment(closedAt: Instant) -> Instant { closedAt.adding(seconds: OrganizationLife.daysUntilDeletion * 86_400) }

    /// What a job has to remove; its organization's id is the job's own.
    private struct Payload: Codable {
        let slug: String
    }

    /// Forgets an organization, as part of the transaction that has found that it is closed and due.
    func begin(_ organization: Organization, at now: Instant, in connection: Connection) throws {
        let id = organization.id
        if let domain = organization.domain {
            try connection.execute(
                "INSERT INTO claimed_domain (domain, claimed_at) VALUES (:domain, :now) ON CONFLICT (domain) DO NOTHING",
                ["domain": domain, "now": now])
        }
        // Also mails that could not be sent: they hold addresses.
        try connection.execute("DELETE FROM job WHERE organization_id = :id AND state <> 'running'", ["id": id])
        // Those who belong to no other organization are nobody to the platform any more.
        try connection.execute(
            """
            DELETE FROM user WHERE is_operator = 0 AND id IN (SELECT user_id FROM membership WHERE organization_id = :id)
                AND NOT EXISTS (SELECT 1 FROM membership WHERE user_id = user.id AND organization_id <> :id)
            """, ["id": id])
        // What belongs to it in other tables goes along.
        try connection.execute("DELETE FROM organization WHERE id = :id", ["id": id])
        try platform.jobs.enqueue(
            NewJob(kind: Self.kind, payload: Payload(slug: organization.slug.text), organization: id, key: Self.kind), in: connection)
    }

    /// A disk that fails for a day is worth another look.
    var handler: JobHandler {
        JobHandler(kind: Self.kind, limit: 1, isExclusive: true, retryDelays: [10, 60, 300, 1200, 3600, 14_400, 28_800, 28_800]) { job in
            guard let id = job.organization else { return }
            try await remove(try job.payload.decode(as: Payload.self).slug, id)
        }
    }

    /// The site first: a reader finds it whole or not at all.
    private func remove(_ slug: String, _ id: OrganizationID) async throws {
        let output = platform.settings.output
        try await Task.detached { try SiteRemoval.remove(slug, from: output) }.value
        do {
            try await platform.tenants.delete(id)
        } catch DatabaseError.noOrganization {
            // An earlier attempt came this far.
        }
    }
}
