import Dispatch
import Foundation
import HTTPServing
import Hummingbird
import Logging
import ServiceLifecycle
import SiteBuilder
import Synchronization
import Tenancy
import TestSupport

@testable import SignupServer

/// The real server on a port of this machine, with one site: `school`.
struct RunningServer: Sendable {
    let port: Int
    let server: MarqueeServer
    let log: LogRecorder
    let stop: @Sendable () async -> Void

    static let host = "Host: school.sites.localhost\r\n"
    static let appHost = "Host: localhost\r\n"
    static let largeText = (0..<100_000).map { String($0 + 100_000_000) + "\n" }.joined()

    /// Sends bytes on a connection of its own, and reads until the server closes it.
    func exchange(_ text: String) async -> (responses: [RawResponse], isClosed: Bool) {
        await exchange(Array(text.utf8))
    }

    func exchange(_ bytes: [UInt8]) async -> (responses: [RawResponse], isClosed: Bool) {
        await offPool {
            guard let client = HTTPClient(port: port, timeout: 20) else { return ([], false) }
            client.send(bytes)
            let (text, isClosed) = client.receive()
            return (RawResponse.all(in: text), isClosed)
        }
    }

    /// The answer to a GET.
    func get(_ path: String, host: String = "localhost", _ headers: String = "") async -> RawResponse? {
        await exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(headers)Connection: close\r\n\r\n").responses.first
    }
}

extension RunningServer {
    /// The answer to a form that a page of the app host sends.
    func post(_ path: String, _ form: String, _ headers: String = "", host: String = "localhost") async -> RawResponse? {
        await exchange(
            "POST \(path) HTTP/1.1\r\nHost: \(host)\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(form.utf8.count)\r\n\(headers)Connection: close\r\n\r\n\(form)"
        ).responses.first
    }

    /// The answer to a form with these fields.
    func post(_ path: String, _ fields: [(String, String)], _ headers: String = "") async -> RawResponse? {
        await post(path, fields.map { "\($0)=\(PercentEncoding.component($1))" }.joined(separator: "&"), headers)
    }
}

/// An answer as it came over the wire.
struct RawResponse: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: String

    func value(of name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// Content that holds a status line itself would be taken for another answer.
    static func all(in text: String) -> [RawResponse] {
        text.components(separatedBy: "HTTP/1.").dropFirst().map { RawResponse($0) }
    }

    private init(_ text: String) {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        status = Int(lines[0].dropFirst(2).prefix(3)) ?? 0
        headers = lines.dropFirst().map { line in
            let pair = line.components(separatedBy: ": ")
            return (pair[0], pair.dropFirst().joined(separator: ": "))
        }
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }
}

/// Something that several tasks change.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

/// Keeps lines instead of writing them.
final class LogRecorder: Sendable {
    private let lines = Shared<[String]>([])

    var text: String { lines.value.joined() }

    func logger(level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { _ in ServerLogHandler(level: level, format: .json) { line in self.lines.change { $0.append(line) } } }
    }
}

/// Runs what waits for a socket on a thread of its own: the server's tasks need those that Swift's tests run on.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: work()) }.start()
    }
}

/// - Parameters:
///   - flags: settings besides the folders.
///   - output: of a fixture of the test's own; without it the site `school`.
func withServer(
    _ flags: [String] = [], output: String? = nil, content: String? = nil, routes: [Route] = [],
    now: @escaping @Sendable () -> Instant = { Instant(seconds: Int64(Date().timeIntervalSince1970)) },
    configure: (inout ServerSettings) -> Void = { _ in }, dependencies change: (inout MarqueeServer.Dependencies) -> Void = { _ in },
    _ body: (RunningServer) async throws -> Void
) async throws {
    let fixture = try SiteFixture()
    try fixture.write(
        ["index.html": "school home", "large.txt": RunningServer.largeText, "404.html": "school has no such page"], slug: "school",
        release: "000001")
    try fixture.publish("school", release: "000001")
    try fixture.connect("school.sites.localhost", to: "school")
    let empty = fixture.output + "/.empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let folders = [
        "--content", content ?? empty, "--templates", repository + "Templates", "--output", output ?? fixture.output, "--data",
        fixture.output + "/.data",
    ]
    var settings = try ServerSettings.read(SettingsSources(arguments: ["--port", "0"] + folders + flags, environment: [:], file: nil))
    configure(&settings)

    let log = LogRecorder()
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var dependencies = MarqueeServer.Dependencies(
        now: now, jobs: 2, routes: routes,
        onListening: {
            listening.yield($0)
            listening.finish()
        })
    change(&dependencies)
    let server = try MarqueeServer(settings, dependencies, recorder: MetricsRecorder(help: ServerMetrics.help), logger: log.logger())
    let group = server.group()
    let running = Task {
        defer { listening.finish() }
        try await group.run()
    }
    guard let port = await ports.first(where: { _ in true }) else { return try await running.value }
    do {
        try await body(RunningServer(port: port, server: server, log: log, stop: { await group.triggerGracefulShutdown() }))
    } catch {
        await group.triggerGracefulShutdown()
        try await running.value
        throw error
    }
    await group.triggerGracefulShutdown()
    try await running.value
    withExtendedLifetime(fixture) {}
}

/// The folder of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path()
