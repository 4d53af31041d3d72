import Database
import Foundation
import Repositories
import SiteBuilder
import Tenancy

extension Platform {
    /// Where an organization is, as its site says; as its sign-up has said while the site can't be read.
    func timeZone(of id: OrganizationID) async -> TimeZoneRules {
        if let name = await siteTimeZone(of: id), let zone = TimeZoneRules.named(name) { return zone }
        return await signUpTimeZone(of: id)
    }

    private func siteTimeZone(of id: OrganizationID) async -> String? {
        let repository = repository(of: id)
        guard let path = try? ContentPath(TenantLoader.settingsFile), let head = try? await repository.head(),
            let bytes = try? await repository.file(path, at: head)
        else { return nil }
        return TenantLoader.settings(from: bytes).0?.timeZone
    }

    private func signUpTimeZone(of id: OrganizationID) async -> TimeZoneRules {
        let settings: String? = try? await database.read { try $0.row("SELECT settings FROM organization WHERE id = :id", ["id": id])?["settings"] }
        return .ofSignUp(settings ?? "")
    }
}

extension TimeZoneRules {
    /// From `organization.settings`.
    static func ofSignUp(_ settings: String) -> TimeZoneRules {
        (try? JSONDecoder().decode(OrganizationFacts.self, from: Data(settings.utf8))).flatMap { named($0.timeZone) } ?? .utc
    }
}
