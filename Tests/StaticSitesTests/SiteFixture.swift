import Foundation
import StaticSites
import Tenancy

/// An output folder with sites in it, in a temporary folder that goes with the value.
final class SiteFixture: Sendable {
    let output: String

    init() throws {
        output = NSTemporaryDirectory() + "marquee-sites-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: output + "/.hosts", withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: output)
    }

    /// Writes a release. Paths are relative to it.
    func write(_ files: [String: String], slug: String, release: String = "r1") throws {
        try write(files.mapValues { Array($0.utf8) }, slug: slug, release: release)
    }

    func write(_ files: [String: [UInt8]], slug: String, release: String = "r1") throws {
        for (path, content) in files {
            let file = releasePath(slug, release) + "/" + path
            try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: file, contents: Data(content)) else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    func releasePath(_ slug: String, _ release: String = "r1") -> String { "\(output)/.releases/\(slug)/\(release)" }

    /// Makes a release the live one, in one rename.
    func publish(_ slug: String, release: String = "r1") throws {
        try link("\(output)/\(slug)", to: ".releases/\(slug)/\(release)")
    }

    func connect(_ host: String, to slug: String) throws {
        try link("\(output)/.hosts/\(host)", to: "../\(slug)")
    }

    /// Makes or replaces a symbolic link.
    func link(_ path: String, to target: String) throws {
        let new = path + ".new"
        try FileManager.default.createSymbolicLink(atPath: new, withDestinationPath: target)
        guard rename(new, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// A site `school` at `school.platform.org` with these files.
    static func school(_ files: [String: String]) throws -> SiteFixture {
        let fixture = try SiteFixture()
        try fixture.write(files, slug: "school")
        try fixture.publish("school")
        try fixture.connect("school.platform.org", to: "school")
        return fixture
    }

    func configuration() throws -> StaticSitesConfiguration {
        StaticSitesConfiguration(output: output, sitesDomain: try Hostname("platform.org"))
    }

    func responder() throws -> StaticResponder {
        StaticResponder(configuration: try configuration())
    }
}

extension StaticResponder {
    /// GET on `school.platform.org`.
    func get(_ target: String, _ headers: [(name: String, value: String)] = [], method: String = "GET") -> SiteResponse {
        respond(to: SiteRequest(method: method, target: target, hosts: ["school.platform.org"], headers: headers))
    }
}

extension SiteResponse {
    var text: String { String(decoding: body.collected() ?? [], as: UTF8.self) }
}
