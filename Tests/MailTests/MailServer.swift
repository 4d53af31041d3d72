import Foundation
import Testing

/// `Fixtures/mail_server.py`, running.
final class MailServer: @unchecked Sendable {
    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let lines: FileHandle
    private var unread: [UInt8] = []

    /// What the server says of a message that it has taken.
    struct Report: Decodable, Sendable {
        var sender: String
        var recipients: [String]
        var name: String
        var encrypted: Bool
        var signed_in: Bool
        var subject: String
        var date: String
        var id: String
        var from: [[String]]
        var to: [[String]]
        var headers: [String]
        var others: [String: String]
        var text: String?
        var html: String?
        var type: String
        var defects: [String]
        var longest: Int
        var longest_header: Int
        var is_ascii: Bool
        var bare: Int
    }

    struct NotThere: Error, CustomStringConvertible {
        let description = ".venv/bin/python can't run the mail server of the tests: make test-deps installs what it needs"
    }

    /// Waits for it to listen, on a thread of its own: Swift's are as few as cores, and are what is tested.
    static func start(_ arguments: [String] = []) async throws -> MailServer {
        try await offPool { try MailServer(arguments) }
    }

    private init(_ arguments: [String]) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let root = folder.deletingLastPathComponent().deletingLastPathComponent()
        let output = Pipe()
        process.executableURL = root.appending(path: ".venv/bin/python")
        process.arguments = ["-B", folder.appending(path: "Fixtures/mail_server.py").path()] + arguments
        process.standardInput = input
        process.standardOutput = output
        lines = output.fileHandleForReading
        guard (try? process.run()) != nil else { throw NotThere() }
        var unread: [UInt8] = []
        guard let line = Self.line(lines, &unread), let port = Int(line) else { throw NotThere() }
        self.port = port
        self.unread = unread
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Of the next message. Waits for it.
    func next() async throws -> Report {
        try await offPool {
            let line = try #require(Self.line(self.lines, &self.unread))
            return try JSONDecoder().decode(Report.self, from: Data(line.utf8))
        }
    }

    private static func line(_ handle: FileHandle, _ unread: inout [UInt8]) -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeFirst(end + 1) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let more = handle.availableData
            guard !more.isEmpty else { return nil }
            unread.append(contentsOf: more)
        }
    }
}

func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try work() }) }.start()
    }
}

/// A key and a certificate for `127.0.0.1` and `localhost`, made by openssl(1).
struct TestCertificate {
    let key: String
    let certificate: String

    init(in folder: String) throws {
        key = folder + "/key.pem"
        certificate = folder + "/certificate.pem"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            "/CN=mail.example", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]
        process.standardError = Pipe()
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

/// A folder that goes with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "marquee-mail-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
