import Foundation
import Testing

@Suite("Rules for the sources of all modules")
struct SourceRulesTests {
    /// What would be a second way to a database file.
    private static let forbidden = ["import GRDB", "import CSQLite", "import SQLite", "sqlite3_", "DatabaseQueue", "DatabasePool", "tenant.sqlite"]

    @Test("Only the module Database opens database files")
    func oneWay() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        #expect(files.contains("Database/Connection.swift"))
        for file in files where !file.hasPrefix("Database/") {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            for word in Self.forbidden where text.contains(word) {
                Issue.record("Sources/\(file) says \(word): go through Database instead")
            }
        }
    }
}
