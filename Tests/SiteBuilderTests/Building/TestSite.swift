import Foundation
import Tenancy
import Testing

@testable import SiteBuilder

/// A tenant's folder and the output beside it, in a temporary folder that goes with the value.
final class TestSite {
    static let now = "2026-11-23T20:00:00Z"

    let root: String
    let slug: String
    private let environment: BuildEnvironment

    var content: String { "\(root)/content/\(slug)" }
    var output: String { "\(root)/output" }
    var folders: ReleaseFolders { ReleaseFolders(output: output, slug: slug) }
    /// The folder of the release that is live.
    var live: String { folders.liveID.map { folders.release($0) } ?? "\(root)/nothing is live" }

    /// Writes `files`; without a `site.yaml` among them, a short one.
    init(_ files: [String: String] = [:], slug: String = "school", environment: BuildEnvironment? = nil) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "marquee-test-\(UUID())").path(percentEncoded: false)
        self.slug = slug
        self.environment = try environment ?? Self.environment.get()
        try FileManager.default.createDirectory(atPath: content, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        if files["site.yaml"] == nil { try write("site.yaml", Self.settings) }
        for (path, text) in files { try write(path, text) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    static let settings = "name: Oak School PTSA\ntimezone: America/Los_Angeles\nlanguages: [en]\n"
    static let bilingual = "name: Oak School PTSA\ntimezone: America/Los_Angeles\nlanguages: [en, es]\n"

    static let templates = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Templates").standardizedFileURL.path(
        percentEncoded: false)

    /// Reading theme and strings takes longer than a small build, so all sites share them.
    private static let environment = Result { try environment() }

    static func environment(templates: String = templates, precompress: Bool = false, force: Bool = false) throws -> BuildEnvironment {
        let cache = FileManager.default.temporaryDirectory.appending(path: "marquee-test-icons").path(percentEncoded: false)
        return try BuildEnvironment(templates: templates, output: cache, options: .init(precompress: precompress, force: force))
    }

    // MARK: Content

    func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = "\(content)/\(path)"
        try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(content)/\(path)") }

    func rename(_ path: String, to other: String) throws {
        let target = "\(content)/\(other)"
        try FileManager.default.createDirectory(atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(content)/\(path)", toPath: target)
    }

    // MARK: Building

    @discardableResult
    func build(now: String = TestSite.now, jobs: Int = 1, output: String? = nil, environment: BuildEnvironment? = nil) throws -> TenantReport {
        let moment = try #require(Instant(now))
        let fleet = FleetBuilder(environment: environment ?? self.environment, output: output ?? self.output, now: moment, jobs: jobs)
        return try #require(fleet.build([TenantFolder(slug: slug, path: content)]).first)
    }

    /// The files of a build from nothing, beside this one.
    func cleanBuild(now: String = TestSite.now, jobs: Int = 1, environment: BuildEnvironment? = nil) throws -> [String: [UInt8]] {
        let other = "\(root)/clean-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: other) }
        try build(now: now, jobs: jobs, output: other, environment: environment)
        let folders = ReleaseFolders(output: other, slug: slug)
        return Self.files(in: folders.release(try #require(folders.liveID)))
    }

    // MARK: The result

    /// A file of the live site; nil when there is none.
    func page(_ path: String) -> String? {
        let file = path.hasSuffix("/") ? path + "index.html" : path
        return readFile("\(live)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    func has(_ path: String) -> Bool { page(path) != nil }

    /// Every file of the live site, by path.
    func files() -> [String: [UInt8]] { Self.files(in: live) }

    static func files(in folder: String) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in paths(in: folder) { files[path] = readFile("\(folder)/\(path)") }
        return files
    }

    /// The paths of all files below a folder.
    static func paths(in folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).filter { path in
            var status = stat()
            return lstat("\(folder)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }.sorted()
    }

    /// The inode of every file of a release.
    static func inodes(in folder: String) -> [String: UInt64] {
        var inodes: [String: UInt64] = [:]
        for path in paths(in: folder) {
            var status = stat()
            if lstat("\(folder)/\(path)", &status) == 0 { inodes[path] = UInt64(status.st_ino) }
        }
        return inodes
    }

    /// The texts of all files whose text holds one of `words`.
    func filesHolding(_ words: String...) -> [String] {
        files().filter { _, bytes in words.contains { word in String(decoding: bytes, as: UTF8.self).contains(word) } }.map(\.key).sorted()
    }
}

extension TenantReport {
    var errors: [Finding] { findings.filter { $0.severity == .error } }
    var warnings: [Finding] { findings.filter { $0.severity == .warning } }

    var isBuilt: Bool { if case .built = outcome { true } else { false } }
    var failure: String? { if case .failed(let problem) = outcome { problem } else { nil } }
}
