import Database
import Foundation
import Glibc
import Repositories
import SiteBuilder
import Synchronization
import Tenancy

/// Everything that is an organization's, in one zip file, for whoever leaves or wants a copy of their own:
///
/// ```
/// <slug>/README.txt        what is what
/// <slug>/site/             the content as it is now
/// <slug>/history.bundle    the content with its whole history (git-bundle(1))
/// <slug>/audit-log.jsonl   who did what, an entry a line, with the hashes that `AuditLog` describes
/// <slug>/people.json       who has which seat, with names and addresses; in an owner's export only
/// ```
///
/// It is made in the organization's own folder, one at a time for each organization and few at once on the machine. Its name is taken away
/// before the first byte is sent: however the download ends, nothing is left.
struct OrganizationExport: Sendable {
    let platform: Platform
    private let places = ExportPlaces()

    init(platform: Platform) {
        self.platform = platform
    }

    /// What goes into the file besides what the organization's folder has.
    struct Contents: Sendable {
        var readme: String
        var hasPeople: Bool
    }

    static let folderName = "export"

    /// Nil while another export of the organization is being made or sent, or too many of others are being made. Throws what stood in the way.
    func make(of organization: OrganizationAccess, _ contents: Contents) async throws -> FinishedExport? {
        guard let place = places.take(organization.id) else { return nil }
        defer { place.isMade() }
        let folder = folder(of: organization.id)
        // What an export has left that was cut off.
        try Self.renew(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let repository = platform.repository(of: organization.id)
        let head = try await repository.head()
        var files = ["\(folder)/README.txt", "\(folder)/history.bundle", "\(folder)/audit-log.jsonl"]
        try Data(contents.readme.utf8).write(to: URL(filePath: files[0]))
        _ = try await repository.bundle(to: files[1])
        try await writeAuditLog(of: organization.id, to: files[2])
        if contents.hasPeople {
            files.append("\(folder)/people.json")
            try Data(try await people(of: organization.id).bytes).write(to: URL(filePath: files[3]))
        }
        let path = "\(folder)/export.zip"
        let size = try await repository.archive(head, in: organization.slug.text, adding: files, to: path)
        return try FinishedExport(path: path, size: size, commit: head, place: place)
    }

    /// Removes what exports have left that were cut off by the end of the process.
    func removeLeftovers() {
        for id in (try? platform.tenants.organizations()) ?? [] { try? FileManager.default.removeItem(atPath: folder(of: id)) }
    }

    private func folder(of id: OrganizationID) -> String { "\(platform.tenants.database(of: id).folder)/\(Self.folderName)" }

    /// Nobody else on the machine may look into it.
    private static func renew(_ folder: String) throws {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    // MARK: What the database has

    private func writeAuditLog(of id: OrganizationID, to path: String) async throws {
        let log = platform.auditLog(of: id)
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        var last = 0
        // A log may be long.
        while case let entries = try await log.entries(after: last, limit: 500), let end = entries.last {
            try file.write(contentsOf: Data(entries.map { $0.exportedJSON.string + "\n" }.joined().utf8))
            last = end.number
        }
    }

    private func people(of id: OrganizationID) async throws -> JSONValue {
        let rows = try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT membership.role, membership.title, membership.starts_at, membership.ends_at, user.id, user.name, user.email FROM membership
                JOIN user ON user.id = membership.user_id WHERE membership.organization_id = :id ORDER BY membership.starts_at, membership.id
                """, ["id": id])
        }
        let seats = try rows.map { row in
            let (start, end): (Instant, Instant?) = (try row["starts_at"], try row["ends_at"])
            return JSONValue.object([
                ("role", .text(try row["role"])), ("title", .text(try row["title"])), ("name", .text(try row["name"])),
                ("email", .text(try row["email"])), ("user", .text(try row["id"])), ("from", .text("\(start)")),
                ("until", .text(end.map { "\($0)" } ?? "")),
            ])
        }
        return .object([("seats", .list(seats))])
    }
}

extension AuditEntry {
    /// A line of an export: what the hash is over, and the hash.
    var exportedJSON: JSONValue {
        guard case .object(let members) = json else { return json }
        return .object(members + [("hash", .text(hash))])
    }
}

/// A file without a name, which goes with this value.
final class FinishedExport: Sendable {
    /// Bytes.
    let size: Int
    /// The newest one that is in it.
    let commit: CommitID
    private let descriptor: Int32
    private let place: ExportPlaces.Place

    fileprivate init(path: String, size: Int, commit: CommitID, place: ExportPlaces.Place) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        self.size = size
        self.commit = commit
        self.place = place
        guard descriptor >= 0 else { throw ExportError.unreadable(String(cString: strerror(errno))) }
        unlink(path)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    static let pieceSize = 256 << 10

    /// The piece that begins at `offset`, on a thread that may wait for the disk. Throws when it is shorter than it was.
    func piece(at offset: Int) async throws -> [UInt8] {
        let count = min(Self.pieceSize, size - offset)
        let descriptor = descriptor
        let bytes = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.read(descriptor, offset, count)) }
        }
        guard bytes.count == count else { throw ExportError.unreadable("a piece is missing") }
        return bytes
    }

    private static func read(_ descriptor: Int32, _ offset: Int, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
    }
}

enum ExportError: Error, CustomStringConvertible {
    case unreadable(String)

    var description: String {
        switch self {
        case .unreadable(let reason): "an export can't be read again: \(reason)"
        }
    }
}

/// Bounds what exports take of the disk and the processors.
private final class ExportPlaces: Sendable {
    private struct State {
        /// An export of these is being made or sent.
        var organizations: Set<OrganizationID> = []
        /// Being made.
        var count = 0
    }

    private let state = Mutex(State())
    /// So many are made at once.
    private static let limit = 2

    func take(_ id: OrganizationID) -> Place? {
        state.withLock { state in
            guard state.count < Self.limit, state.organizations.insert(id).inserted else { return nil }
            state.count += 1
            return Place(id, self)
        }
    }

    private func isMade() { state.withLock { $0.count -= 1 } }

    private func giveBack(_ id: OrganizationID) { state.withLock { _ = $0.organizations.remove(id) } }

    /// The right to one export of one organization, until the value goes.
    final class Place: Sendable {
        private let id: OrganizationID
        private let places: ExportPlaces

        fileprivate init(_ id: OrganizationID, _ places: ExportPlaces) {
            self.id = id
            self.places = places
        }

        deinit { places.giveBack(id) }

        /// Others may be made now; this one may still have to be sent. Called once.
        func isMade() { places.isMade() }
    }
}
