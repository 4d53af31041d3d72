import Database
import HTTPTypes
import Hummingbird
import Logging
import Repositories
import SiteBuilder
import StructuredData
import Tenancy

/// Changes what the site of an organization says. A change is checked by the generator's own code, committed to the organization's repository,
/// written into its audit log, and published; when `save` returns, all of that is done.
///
/// The repository is the truth. Before the commit a job is promised that writes down and publishes whatever the repository has more than the
/// log: so a change whose commit survives a `kill -9` is in the log and live a moment after the next start.
struct ContentEditor: Sendable {
    let platform: Platform
    let publisher: SitePublisher
    let logger: Logger

    enum Outcome: Sendable {
        /// Live, unless the publication has failed: then it will be.
        case saved(CommitID, Publication)
        /// The content was like this already.
        case unchanged
        /// Somebody else has changed the same files since the caller looked; the commit that has them now. Nothing was changed.
        case conflict(CommitID)
        /// The generator refuses it. Nothing was changed.
        case invalid([Finding])
    }

    enum UndoOutcome: Sendable {
        case undone(CommitID, Publication)
        case unchanged
        /// These files were changed again in the same places.
        case conflict([ContentPath])
    }

    static let publish = "publish"
    /// Whoever changes something publishes it at once; if that is cut off, the job does after so many seconds.
    private static let patience: Int64 = 20

    // MARK: Looking

    /// What to say to `save` as the commit that was seen.
    func head(of organization: OrganizationID) async throws -> CommitID {
        try await platform.repository(of: organization).head()
    }

    /// Nil if there is no such file.
    func file(_ path: ContentPath, of organization: OrganizationID, at commit: CommitID) async throws -> [UInt8]? {
        try await platform.repository(of: organization).file(path, at: commit)
    }

    // MARK: Changing

    /// - Parameter seen: the commit on which the changes were made.
    func save(
        _ changes: [ContentPath: FileChange], of organization: OrganizationAccess, seen: CommitID, message: CommitMessage
    ) async throws -> Outcome {
        let findings = Self.problems(in: changes)
        guard findings.isEmpty else { return .invalid(findings) }
        let repository = platform.repository(of: organization.id)
        guard try await hasUntouched(changes.keys, since: seen, repository) else { return .conflict(try await repository.head()) }
        try await promise(organization.id)
        // Others may commit other files at the same time.
        for _ in 0..<Self.attempts {
            let head = try await repository.head()
            guard try await hasUntouched(changes.keys, from: seen, to: head, repository) else {
                try await settle(organization.id)
                return .conflict(head)
            }
            switch try await repository.commit(
                changes: changes, onto: head, author: organization.author, message: message, at: platform.now())
            {
            case .committed(let commit): return .saved(commit, try await publish(organization.id))
            case .unchanged:
                try await settle(organization.id)
                return .unchanged
            case .conflict: continue
            }
        }
        throw RepositoryError.busy
    }

    /// Takes one change back, and nothing that came after it.
    func undo(_ commit: CommitID, of organization: OrganizationAccess) async throws -> UndoOutcome {
        let repository = platform.repository(of: organization.id)
        try await promise(organization.id)
        let message = try CommitMessage("Undo: \(try await repository.entry(commit).message.summary)".prefixed(200))
        switch try await repository.revert(commit, author: organization.author, message: message, at: platform.now()) {
        case .reverted(let id): return .undone(id, try await publish(organization.id))
        case .unchanged:
            try await settle(organization.id)
            return .unchanged
        case .conflict(let paths):
            try await settle(organization.id)
            return .conflict(paths)
        }
    }

    private static let attempts = 20

    private func hasUntouched(_ paths: some Collection<ContentPath>, since seen: CommitID, _ repository: ContentRepository) async throws -> Bool {
        try await hasUntouched(paths, from: seen, to: try await repository.head(), repository)
    }

    private func hasUntouched(
        _ paths: some Collection<ContentPath>, from seen: CommitID, to head: CommitID, _ repository: ContentRepository
    ) async throws -> Bool {
        if seen == head { return true }
        for path in paths where try await repository.file(path, at: seen) != repository.file(path, at: head) { return false }
        return true
    }

    /// What the generator refuses in the new files.
    private static func problems(in changes: [ContentPath: FileChange]) -> [Finding] {
        var findings: [Finding] = []
        for case (let path, .write(let bytes)) in changes {
            if path.text == TenantLoader.settingsFile {
                findings += TenantLoader.settings(from: bytes).1
            } else if path.text.hasSuffix(".md") {
                findings += PageReader(languages: Language.all).read(path: path.text, bytes: bytes).findings
            } else if path.text.hasSuffix(".yaml") {
                do throws(StructuredDataError) { _ = try YAMLReader.read(bytes) } catch {
                    findings.append(
                        Finding(
                            .error, "data", path: path.text, line: error.mark.line, column: error.mark.column, error.problem, advice: error.advice))
                }
            }
        }
        return findings.filter { $0.severity == .error }.sorted()
    }

    // MARK: The promise

    private func promise(_ id: OrganizationID) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            // Looked at where nobody can freeze it meanwhile.
            let row = try connection.row("SELECT subscription_status FROM organization WHERE id = :id", ["id": id])
            guard let status: SubscriptionStatus = try row?["subscription_status"], status.allowsEditing else { throw EditingRests() }
            try platform.jobs.enqueue(
                NewJob(kind: Self.publish, payload: NoPayload(), organization: id, runAt: now.adding(seconds: Self.patience), key: Self.publish),
                in: connection)
        }
    }

    /// Nothing was changed, by us: the promise is kept by keeping it.
    private func settle(_ id: OrganizationID) async throws {
        try await writeDown(id) { connection in
            try platform.jobs.withdraw(kind: Self.publish, organization: id, key: Self.publish, in: connection)
        }
    }

    var handler: JobHandler {
        JobHandler(kind: Self.publish, limit: 2, isExclusive: true) { job in
            guard let id = job.organization else { return }
            let publication = try await publish(id)
            if publication.outcome == .failed { throw JobFailure.temporary(publication.problem) }
        }
    }

    /// Writes down and makes live what the repository has.
    func publish(_ id: OrganizationID) async throws -> Publication {
        guard let organization = try await platform.organizations.organization(id) else { throw DatabaseError.noOrganization(id) }
        try await writeDown(id) { _ in }
        let head = try await platform.repository(of: id).head()
        let name = try await name(of: id, at: head)
        let publication = Publication(await publisher.publish(organization.slug), of: head, at: platform.now())
        let publicationID = platform.newID()
        try await platform.database.write { connection in
            try publication.keep(publicationID, of: id, in: connection)
            if let name, name != organization.name {
                try connection.execute("UPDATE organization SET name = :name WHERE id = :id", ["name": name, "id": id])
            }
            // What failed is tried again by the job.
            if publication.outcome != .failed {
                try platform.jobs.withdraw(kind: Self.publish, organization: id, key: Self.publish, in: connection)
            }
        }
        return publication
    }

    /// What the site calls the organization: mails and lists of the platform say the same. Nil where the settings can't be read.
    private func name(of id: OrganizationID, at commit: CommitID) async throws -> String? {
        guard let bytes = try await file(try ContentPath(TenantLoader.settingsFile), of: id, at: commit),
            let name = TenantLoader.settings(from: bytes).0?.name.fallback, !name.isEmpty
        else { return nil }
        return String(name.prefix(Self.longestName))
    }

    private static let longestName = 200

    /// Adds to the audit log all commits that it doesn't have yet.
    private func writeDown(_ id: OrganizationID, and more: @escaping @Sendable (Connection) throws -> Void) async throws {
        let repository = platform.repository(of: id)
        let known = try await platform.database.read { try Self.lastCommit(of: id, $0) }
        var commits: [Commit] = []
        var last: CommitID?
        search: while true {
            let page = try await repository.log(limit: 50, before: last)
            for commit in page {
                // The first one is the sign-up's.
                if commit.id.text == known || commit.parents.isEmpty { break search }
                commits.append(commit)
            }
            guard let end = page.last else { break }
            last = end.id
        }
        let found = commits.reversed()
        let now = platform.now()
        try await platform.database.write { connection in
            var isNew = try Self.lastCommit(of: id, connection) == known
            for commit in found {
                // Somebody else has been at it meanwhile: go on behind their last.
                guard isNew else {
                    isNew = try commit.id.text == Self.lastCommit(of: id, connection)
                    continue
                }
                try AuditLog.add(
                    .contentChanged, commit.id.text, ["summary": commit.message.summary], by: commit.author?.actor ?? .platform, to: id, at: now,
                    in: connection)
            }
            try more(connection)
        }
    }

    private static func lastCommit(of id: OrganizationID, _ connection: Connection) throws -> String? {
        try connection.row(
            "SELECT subject FROM audit_entry WHERE organization_id = :id AND action = :action ORDER BY number DESC LIMIT 1",
            ["id": id, "action": AuditAction.contentChanged])?["subject"]
    }
}

/// The organization was frozen, suspended or closed while somebody was editing.
struct EditingRests: HTTPResponseError {
    let status = HTTPResponse.Status.locked

    func response(from request: Request, context: some RequestContext) throws -> Response { Response(status: status) }
}

extension OrganizationAccess {
    /// As git shows who acts: a pseudonym.
    var author: Author {
        switch actor {
        case .platform, .terminal: .platform
        case .operator(let id): Author(.operator, userID: id)
        case .token(let id): Author(.program, userID: id)
        case .user(let id): Author(leadingRole.asAuthor, userID: id)
        }
    }
}

extension Role {
    fileprivate var asAuthor: Author.Role {
        switch self {
        case .owner: .owner
        case .officer: .officer
        case .treasurer: .treasurer
        case .editor, .viewer: .editor
        }
    }
}

extension Author {
    fileprivate var actor: AuditActor {
        guard let userID else { return .platform }
        return switch role {
        case .operator: .operator(userID)
        case .program: .token(userID)
        default: .user(userID)
        }
    }
}

extension String {
    fileprivate func prefixed(_ bytes: Int) -> String {
        var text = self
        while text.utf8.count > bytes { text.removeLast() }
        return text
    }
}
