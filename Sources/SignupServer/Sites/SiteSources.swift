import Database
import Repositories
import SiteBuilder
import Tenancy

/// Where the content of each site is: in a folder of `Content/`, kept by whoever runs the platform, or in an organization's repository.
struct SiteSources: Sendable {
    let content: String
    let platform: Platform

    /// The folder with the newest content of a site.
    func folder(of slug: Slug) async throws -> TenantFolder {
        if let organization = try await platform.organizations.organization(slug: slug) { return try await folder(of: organization) }
        guard let folder = TenantFolder.named(slug.text, in: content) else { throw BuildError.noTenant("there is no site \(slug)") }
        return folder
    }

    func exists(_ slug: Slug) async -> Bool {
        guard TenantFolder.named(slug.text, in: content) == nil else { return true }
        return ((try? await platform.organizations.organization(slug: slug)) ?? nil).map { $0.closedAt == nil } ?? false
    }

    private func folder(of organization: Organization) async throws -> TenantFolder {
        let repository = platform.repository(of: organization.id)
        _ = try await repository.checkOut(repository.head())
        return TenantFolder(slug: organization.slug.text, path: repository.contentFolder)
    }

    /// All, those of the content folder first. One that can't be read is a problem and stops no other.
    func all() async throws -> (folders: [TenantFolder], problems: [String]) {
        var (folders, problems) = try TenantFolder.all(in: content)
        let taken = Set(folders.map(\.slug))
        for organization in try await platform.organizations.live() {
            guard !taken.contains(organization.slug.text) else {
                problems.append("\(organization.slug) is a folder in \(content) and an organization too: rename the folder")
                continue
            }
            do { folders.append(try await folder(of: organization)) } catch { problems.append("\(organization.slug): \(error)") }
        }
        return (folders, problems)
    }
}

extension Platform {
    /// The content of one organization, with its history.
    func repository(of organization: OrganizationID) -> ContentRepository {
        ContentRepository(folder: tenants.database(of: organization).folder)
    }
}
