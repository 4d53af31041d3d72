import Database
import Repositories
import SiteBuilder
import StructuredData
import Tenancy

/// The history of an organization's content in words: who, when, what.
struct CommitHistory: Sendable {
    let platform: Platform
    let strings: UIStrings

    /// The names of those who made these commits. The repository has pseudonyms; the database knows whose they are, for as long as it may.
    func names(of commits: [Commit]) async throws -> [UniqueID: String] {
        let ids = Set(commits.compactMap { $0.author?.userID })
        return try await platform.database.read { connection in
            var names: [UniqueID: String] = [:]
            for id in ids {
                if let user = try User.find(id, connection), !user.name.isEmpty { names[id] = user.name }
            }
            return names
        }
    }

    func who(_ commit: Commit, _ names: [UniqueID: String]) -> String {
        guard let author = commit.author else { return strings("history.unknown") }
        guard let id = author.userID, let name = names[id] else { return author.name }
        return name
    }

    func when(_ commit: Commit, zone: String) -> String {
        let local = (TimeZoneRules.named(zone) ?? .utc).local(commit.time)
        let text = DateText.text(for: strings.language)
        return "\(text.date.text(local)), \(text.time.text(local))"
    }

    /// Who has changed a setting since a commit, and when: the newest change. Nil if it can't be told.
    func lastChange(of path: [String], in organization: OrganizationID, since seen: CommitID, zone: String) async throws -> String? {
        let repository = platform.repository(of: organization)
        let file = try ContentPath(TenantLoader.settingsFile)
        let commits = try await repository.log(path: file, limit: Self.looked)
        let newer = commits.prefix { $0.id != seen }
        for commit in newer {
            guard let parent = commit.parents.first else { return nil }
            let after = try await repository.file(file, at: commit.id).flatMap { try? SettingsFile($0) }?.value(path)
            let before = try await repository.file(file, at: parent).flatMap { try? SettingsFile($0) }?.value(path)
            guard !SettingsChange.areSame(before, after) else { continue }
            let names = try await names(of: [commit])
            return strings("settings.changed_by", ["who": who(commit, names), "when": when(commit, zone: zone)])
        }
        return nil
    }

    private static let looked = 20
}
