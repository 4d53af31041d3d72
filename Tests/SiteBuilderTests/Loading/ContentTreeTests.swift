import Foundation
import Testing

@testable import SiteBuilder

@Suite("A tenant's folder, and nothing else")
struct ContentTreeTests {
    @Test("Files are found in any depth, sorted by bytes; hidden ones are not")
    func files() throws {
        let site = try TestSite(["b/c/d.md": "x", "a b.md": "x", "á.md": "x", ".hidden.md": "x", "b/.git/config": "x", "static/.well-known/x": "x"])
        let tree = try ContentTree(root: site.content)
        #expect(tree.files.map(\.path) == ["a b.md", "b/c/d.md", "site.yaml", "static/.well-known/x", "á.md"])
        #expect(tree.findings.isEmpty)
        #expect(tree.file(at: "b/c/d.md")?.size == 1)
        #expect(tree.file(at: "b/c") == nil)
    }

    @Test("A folder that isn't there is an error for the operator")
    func missing() {
        #expect(throws: BuildError.self) { try ContentTree(root: "/nowhere/at/all") }
    }

    @Test("Links to files and folders are left out and reported, wherever they lead")
    func links() throws {
        let site = try TestSite(["about.md": "x"])
        try Data("secret".utf8).write(to: URL(filePath: "\(site.root)/secret.md"))
        for (name, target) in [
            ("file.md", "\(site.root)/secret.md"), ("relative.md", "../../secret.md"), ("folder", site.root), ("own.md", "about.md"), ("loop", "."),
            ("dead.md", "nothing"),
        ] { try FileManager.default.createSymbolicLink(atPath: "\(site.content)/\(name)", withDestinationPath: target) }
        let tree = try ContentTree(root: site.content)
        #expect(tree.files.map(\.path) == ["about.md", "site.yaml"])
        #expect(tree.findings.map(\.path).sorted() == ["dead.md", "file.md", "folder", "loop", "own.md", "relative.md"])
        #expect(tree.findings.allSatisfy { $0.rule == "symbolic-link" && $0.severity == .error })
    }

    @Test("A file that becomes a link after the folder was listed is not read")
    func race() throws {
        let site = try TestSite(["about.md": "x", "sub/page.md": "y"])
        try Data("secret".utf8).write(to: URL(filePath: "\(site.root)/page.md"))
        let tree = try ContentTree(root: site.content)
        let (file, inner) = (try #require(tree.file(at: "about.md")), try #require(tree.file(at: "sub/page.md")))
        #expect(tree.read(file) == Array("x".utf8))
        try site.remove("about.md")
        try FileManager.default.createSymbolicLink(atPath: "\(site.content)/about.md", withDestinationPath: "../../page.md")
        try site.remove("sub")
        try FileManager.default.createSymbolicLink(atPath: "\(site.content)/sub", withDestinationPath: "../..")
        #expect(tree.read(file) == nil)
        #expect(tree.read(inner) == nil)
    }

    @Test("A pipe is reported and not waited for", .timeLimit(.minutes(1)))
    func pipe() throws {
        let site = try TestSite()
        #expect(mkfifo("\(site.content)/pipe.md", 0o644) == 0)
        #expect(try ContentTree(root: site.content).findings.map(\.rule) == ["special-file"])
    }

    @Test("A name that is not UTF-8 is a warning, and the other files are found")
    func encoding() throws {
        let site = try TestSite(["about.md": "x"])
        let name = (Array("\(site.content)/caf".utf8) + [0xE9] + Array(".md\u{0}".utf8)).map { CChar(bitPattern: $0) }
        let descriptor = open(name, O_CREAT | O_WRONLY, 0o644)
        try #require(descriptor >= 0)
        close(descriptor)
        let tree = try ContentTree(root: site.content)
        #expect(tree.files.map(\.path) == ["about.md", "site.yaml"])
        #expect(tree.findings.map(\.rule) == ["file-name"])
    }

    @Test("Folders deeper than the limit are reported")
    func depth() throws {
        let site = try TestSite([(0..<16).map { "d\($0)/" }.joined() + "in.md": "x", (0..<18).map { "d\($0)/" }.joined() + "out.md": "x"])
        let tree = try ContentTree(root: site.content)
        #expect(tree.files.contains { $0.name == "in.md" })
        #expect(!tree.files.contains { $0.name == "out.md" })
        #expect(tree.findings.map(\.rule) == ["folder-depth"])
    }

    @Test("The fingerprint changes with every change of a file, and only then")
    func fingerprint() throws {
        let site = try TestSite(["a.md": "one", "b.md": "two"])
        func fingerprint() throws -> Fingerprint { try ContentTree(root: site.content).fingerprint }
        var seen = [try fingerprint()]
        #expect(try fingerprint() == seen[0])
        for change in [
            { try site.write("a.md", "uno") }, { try site.rename("b.md", to: "c.md") }, { try site.write("d.md", "") }, { try site.remove("d.md") },
        ] {
            try change()
            seen.append(try fingerprint())
        }
        for (before, after) in zip(seen, seen.dropFirst()) { #expect(before != after) }
    }
}
