import Database
import Foundation
import Logging
import Repositories
import SiteBuilder
import Tenancy

/// Makes what belongs to a new organization: its database, its repository with the starter's content, its first release.
///
/// Every step may be repeated, and finds what an earlier run has done: after `kill -9` it is simply called again. Nobody sees the
/// organization before the last step, which is one transaction.
struct Provisioner: Sendable {
    let platform: Platform
    let publisher: SitePublisher
    let logger: Logger

    /// Makes the organization ready. When this returns, its site is live. Throws what stood in the way; what is done stays done.
    /// - Parameter finally: part of the last transaction, and left out if the organization was ready before.
    func provision(_ id: OrganizationID, finally: @escaping @Sendable (Connection, Organization) throws -> Void = { _, _ in }) async throws {
        guard let organization = try await platform.organizations.organization(id), organization.readyAt == nil, organization.closedAt == nil else {
            return
        }
        let facts = try await facts(of: id)
        _ = try await platform.tenants.create(id)
        let files = try await starter().files(for: facts.starterFacts(name: organization.name), on: facts.day(at: organization.createdAt))
        _ = try await platform.repository(of: id).create(
            files: try Dictionary(uniqueKeysWithValues: files.map { (try ContentPath($0.key), $0.value) }), author: .platform,
            message: CommitMessage("The site begins"), at: organization.createdAt)
        let report = await publisher.publish(organization.slug)
        if case .failed(let problem) = report.outcome { throw ProvisioningError.notBuilt(problem) }
        let now = platform.now()
        try await platform.database.write { connection in
            if try OrganizationStore.becameReady(id, at: now, in: connection) { try finally(connection, organization) }
        }
    }

    /// Read anew each time: it is small, and whoever runs the platform may improve it while the server runs.
    private func starter() async throws -> Starter {
        let folder = "\(platform.settings.content)/_starter"
        return try await Task.detached { () throws(BuildError) in try Starter(folder: folder) }.value
    }

    private func facts(of id: OrganizationID) async throws -> OrganizationFacts {
        let text: String? = try await platform.database.read { connection in
            try connection.row("SELECT settings FROM organization WHERE id = :id", ["id": id])?["settings"]
        }
        return try JSONDecoder().decode(OrganizationFacts.self, from: Data((text ?? "").utf8))
    }
}

enum ProvisioningError: Error, CustomStringConvertible {
    case notBuilt(String)

    var description: String {
        switch self {
        case .notBuilt(let problem): "the first release can't be built: \(problem)"
        }
    }
}

/// What the sign-up has told about an organization: `organization.settings`, as JSON. The repository has the truth as soon as there is one.
struct OrganizationFacts: Codable, Sendable, Hashable {
    var school: String
    var state: String
    var kind: String
    var timeZone: String
    /// For parents to write to; only with consent.
    var publicEmail: String?
    /// `#rrggbb`
    var primaryColor: String?
    var accentColor: String?

    func starterFacts(name: String) -> Starter.Facts {
        let colors = primaryColor.flatMap { Color($0) }.flatMap { primary in accentColor.flatMap { Color($0) }.map { (primary, $0) } }
        return Starter.Facts(name: name, school: school, email: publicEmail, state: state, kind: kind, timeZone: timeZone, colors: colors)
    }

    /// The day of a moment, where the organization is.
    func day(at moment: Instant) -> CivilDate { (TimeZoneRules.named(timeZone) ?? .utc).local(moment).date }
}
