import Database
import Foundation
import Tenancy
import Testing

@Suite("Files of a tenant")
struct TenantFilesTests {
    @Test(
        "names that are taken",
        arguments: ["a", "letters/2026-09/welcome.pdf", "Día 🎉.txt", "a b", "a/b/c/d/e/f/g/h", "a..b", "tenant.sqlite", "%2e%2e/x"])
    func accepted(text: String) throws {
        #expect(try FileKey(text).text == text)
    }

    @Test(
        "names that are not",
        arguments: [
            ("", FileKeyError.empty), ("/etc/passwd", .absolute), ("//a", .absolute), ("..", .dot), ("../a", .dot), ("a/../b", .dot), ("a/..", .dot),
            (".", .dot), ("./a", .dot), ("a/.hidden", .dot), (".new-1-1", .dot), ("a//b", .emptyPart), ("a/", .emptyPart), ("a\0b", .badCharacter),
            ("a\0/../b", .badCharacter), ("a\nb", .badCharacter), ("a\u{7F}", .badCharacter), ("..\\b", .dot), ("a\\..\\b", .badCharacter),
            ("a/b/c/d/e/f/g/h/i", .tooDeep), (String(repeating: "a", count: 101), .tooLong),
        ])
    func refused(text: String, error: FileKeyError) {
        #expect(throws: error) { try FileKey(text) }
        #expect(!error.description.isEmpty)
    }

    private func files() async throws -> (DataFolder, TenantFiles, String) {
        let folder = try DataFolder()
        let id = OrganizationID.numbered(1)
        return (folder, try await folder.tenants().create(id).files, folder.tenantFolder(id) + "/files")
    }

    @Test("What is written is read, replaced and removed; the files are for us alone")
    func roundTrip() async throws {
        let (folder, files, root) = try await files()
        defer { withExtendedLifetime(folder) {} }
        let key = try FileKey("letters/2026/one")
        #expect(throws: TenantFileError.missing(key)) { try files.read(key, limit: 10) }
        try files.write([], to: key)
        #expect(try files.read(key, limit: 0) == [])
        let bytes = [UInt8](repeating: 7, count: 200_000)
        try files.write(bytes, to: key)
        #expect(try files.read(key, limit: bytes.count) == bytes)
        #expect(throws: TenantFileError.tooLarge(key, limit: 199_999)) { try files.read(key, limit: 199_999) }
        #expect(try DataFolder.mode("\(root)/letters/2026/one") == 0o600)
        #expect(try DataFolder.mode("\(root)/letters") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/letters/2026") == ["one"])
        try files.remove(key)
        try files.remove(key)
        try files.remove(FileKey("no/such/folder"))
        #expect(throws: TenantFileError.missing(key)) { try files.read(key, limit: 10) }
    }

    @Test("Links are not followed, wherever they stand", arguments: ["link/secret", "folder/secret", "folder/deep/secret"])
    func links(text: String) async throws {
        let (folder, files, root) = try await files()
        let outside = "\(folder.path)/outside"
        for path in [outside, "\(outside)/deep", "\(root)/folder"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        for path in ["secret", "deep/secret"] { try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(outside)/\(path)")) }
        try FileManager.default.createSymbolicLink(atPath: "\(root)/link", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/folder/secret", withDestinationPath: "\(outside)/secret")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/folder/deep", withDestinationPath: "../../../../outside/deep")
        let key = try FileKey(text)
        #expect(throws: TenantFileError.notPlain(key)) { try files.read(key, limit: 100) }
        // Writing and removing act on the link itself at most.
        try? files.write([1], to: key)
        try? files.remove(key)
        #expect(try String(contentsOfFile: "\(outside)/secret", encoding: .utf8) == "secret")
        #expect(try String(contentsOfFile: "\(outside)/deep/secret", encoding: .utf8) == "secret")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).sorted() == ["deep", "secret"])
    }

    @Test("A root that is a link is not followed")
    func linkedRoot() async throws {
        let (folder, files, root) = try await files()
        let outside = "\(folder.path)/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: root, withDestinationPath: outside)
        let key = try FileKey("one")
        #expect(throws: TenantFileError.notPlain(key)) { try files.write([1], to: key) }
        #expect(throws: TenantFileError.notPlain(key)) { try files.read(key, limit: 10) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    }

    @Test("Folders and pipes are no files")
    func notPlain() async throws {
        let (folder, files, root) = try await files()
        defer { withExtendedLifetime(folder) {} }
        try files.write([1], to: FileKey("folder/file"))
        #expect(mkfifo("\(root)/pipe", 0o600) == 0)
        for text in ["folder", "pipe", "folder/file/below"] {
            let key = try FileKey(text)
            #expect(throws: TenantFileError.notPlain(key)) { try files.read(key, limit: 10) }
        }
        #expect(throws: TenantFileError.notPlain(try FileKey("folder"))) { try files.write([1], to: FileKey("folder")) }
        #expect(throws: TenantFileError.notPlain(try FileKey("folder"))) { try files.remove(FileKey("folder")) }
    }
}
