import Database
import Repositories
import SiteBuilder
import StaticSites
import Tenancy

/// Looks whether all that the platform keeps is there, sound, and fits together.
struct Doctor: Sendable {
    let platform: Platform

    /// What is wrong, each in a line for the operator; empty when all is well. Reads every database and every repository whole.
    func problems() async throws -> [String] {
        var problems = try await platform.database.problems().map { "platform.sqlite: \($0)" }
        let organizations = try await OperatorActions(platform: platform).list(limit: .max)
        let known = Set(organizations.map(\.id))
        for folder in try platform.tenants.organizations() where !known.contains(folder) {
            problems.append("data/tenants/\(folder) belongs to no organization: remove it, or restore platform.sqlite from a later backup")
        }
        for organization in organizations {
            problems += await auditProblems(of: organization)
            problems += await self.problems(of: organization)
        }
        return problems
    }

    /// Whether its audit log is as it was written.
    private func auditProblems(of organization: Organization) async -> [String] {
        do {
            return try await platform.auditLog(of: organization.id).problems().map { "\(organization.slug): \($0)" }
        } catch {
            return ["\(organization.slug): its audit log can't be read: \(error)"]
        }
    }

    private func problems(of organization: Organization) async -> [String] {
        guard organization.readyAt != nil else {
            return organization.closedAt == nil ? ["\(organization.slug) is not ready yet, since \(organization.createdAt)"] : []
        }
        var problems: [String] = []
        do {
            problems += try await platform.tenants.database(of: organization.id).problems()
        } catch {
            problems.append("\(error)")
        }
        do {
            problems += try await platform.repository(of: organization.id).verify().problems
        } catch {
            problems.append("\(error)")
        }
        if organization.closedAt == nil, !SiteList.isLive(organization.slug.text, in: platform.settings.output) {
            problems.append("its site is not live: it is built when the server starts")
        }
        return problems.map { "\(organization.slug): \($0)" }
    }
}
