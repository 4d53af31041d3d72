import Foundation
package import StaticSites
import Tenancy

/// An output folder with sites in it, in a temporary folder that goes with the value.
package final class SiteFixture: Sendable {
    package let output: String

    package init() throws {
        output = NSTemporaryDirectory() + "marquee-sites-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: output + "/.hosts", withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: output)
    }

    /// Writes a release. Paths are relative to it.
    package func write(_ files: [String: String], slug: String, release: String = "r1") throws {
        try write(files.mapValues { Array($0.utf8) }, slug: slug, release: release)
    }

    package func write(_ files: [String: [UInt8]], slug: String, release: String = "r1") throws {
        for (path, content) in files {
            let file = releasePath(slug, release) + "/" + path
            try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: file, contents: Data(content)) else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    package func releasePath(_ slug: String, _ release: String = "r1") -> String { "\(output)/.releases/\(slug)/\(release)" }

    /// Makes a release the live one, in one rename.
    package func publish(_ slug: String, release: String = "r1") throws {
        try link("\(output)/\(slug)", to: ".releases/\(slug)/\(release)")
    }

    package func connect(_ host: String, to slug: String) throws {
        try link("\(output)/.hosts/\(host)", to: "../\(slug)")
    }

    /// Makes or replaces a symbolic link.
    package func link(_ path: String, to target: String) throws {
        let new = path + ".new"
        try FileManager.default.createSymbolicLink(atPath: new, withDestinationPath: target)
        guard rename(new, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// A site `school` at `school.platform.org` with these files.
    package static func school(_ files: [String: String]) throws -> SiteFixture {
        let fixture = try SiteFixture()
        try fixture.write(files, slug: "school")
        try fixture.publish("school")
        try fixture.connect("school.platform.org", to: "school")
        return fixture
    }

    package func configuration() throws -> StaticSitesConfiguration {
        StaticSitesConfiguration(output: output, sitesDomain: try Hostname("platform.org"))
    }

    package func responder() throws -> StaticResponder {
        StaticResponder(configuration: try configuration())
    }
}

extension StaticResponder {
    /// GET on `school.platform.org`.
    package func get(_ target: String, _ headers: [(name: String, value: String)] = [], method: String = "GET") -> SiteResponse {
        respond(to: SiteRequest(method: method, target: target, hosts: ["school.platform.org"], headers: headers))
    }
}

extension SiteResponse {
    package var text: String { String(decoding: body.collected() ?? [], as: UTF8.self) }
}
