import Foundation
import HTTPServing
import NIOCore
import StaticSites
import Tenancy
import TestSupport
import Testing

@testable import SiteGen

/// The server with real sockets. What is answered is tested in StaticSitesTests; here is what HTTP/1.1 on a connection needs.
@Suite("The small HTTP server", .serialized)
struct HTTPServerTests {
    private static let host = "Host: school.sites.localhost\r\n"

    @Test(
        "bytes in, status lines out, and whether the connection is closed then",
        arguments: [
            ("GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", ["200"], true),
            ("GET / HTTP/1.0\r\n\(host)\r\n", ["200"], true),
            ("GET / HTTP/1.0\r\n\r\n", ["404"], true),
            ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", ["400"], true),
            ("GET / HTTP/1.1\r\n\(host)\(host)Connection: close\r\n\r\n", ["400"], true),
            ("GARBAGE\r\n\r\n", ["400"], true),
            ("GET / HTTP/2.0\r\n\(host)\r\n", ["400"], true),
            ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n\(host)\r\n", ["431"], true),
            ("GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "a", count: 9_000))\r\n\r\n", ["431"], true),
            ("GET / HTTP/1.1\r\n\(host)\(String(repeating: "X: a\r\n", count: 101))\r\n", ["431"], true),
            ("GET / HTTP/1.1\r\n\(host)\(String(repeating: "X: \(String(repeating: "a", count: 1_000))\r\n", count: 70))\r\n", ["431"], true),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", ["405", "200"], true),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 100000\r\n\r\n\(String(repeating: "x", count: 100_000))", ["413"], true),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ["400"], true),
            ("GET / HTTP/1.1\r\n\(host)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", ["200"], true),
            ("CONNECT a.example:443 HTTP/1.1\r\n\(host)\r\n", ["400"], true),
            (
                "\(String(repeating: "GET / HTTP/1.1\r\n\(host)\r\n", count: 4))GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n",
                ["200", "200", "200", "200", "200"], true
            ),
            ("GET / HTTP/1.1\r\n\(host)\r\nBAD BAD\r\n\r\n", ["200", "400"], true),
        ])
    func answers(bytes: String, statuses: [String], isClosed: Bool) async throws {
        try await withServer { port in
            let client = try #require(HTTPClient(port: port))
            client.send(bytes)
            let (text, closed) = client.receive()
            #expect(Self.statuses(in: text) == statuses)
            #expect(closed == isClosed)
            #expect(text.components(separatedBy: "X-Content-Type-Options: nosniff").count == statuses.count + 1)
        }
    }

    @Test("a connection is kept for the next request")
    func keepAlive() async throws {
        try await withServer { port in
            let client = try #require(HTTPClient(port: port))
            for _ in 0..<3 {
                client.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
                let (text, isClosed) = client.receive(until: "school home")
                #expect(Self.statuses(in: text) == ["200"])
                #expect(!isClosed)
            }
        }
    }

    @Test("HEAD has the length of the content and none of it")
    func head() async throws {
        try await withServer { port in
            let client = try #require(HTTPClient(port: port))
            client.send("HEAD / HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
            let (text, _) = client.receive()
            #expect(text.contains("Content-Length: 11\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("a large file arrives whole, and a part of it is that part")
    func largeFile() async throws {
        try await withServer { port in
            let client = try #require(HTTPClient(port: port))
            client.send("GET /large.txt HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
            let body = client.receive().text.components(separatedBy: "\r\n\r\n").dropFirst().joined()
            #expect(body == Self.largeText)
            let second = try #require(HTTPClient(port: port))
            second.send("GET /large.txt HTTP/1.1\r\n\(Self.host)Range: bytes=100000-899999\r\nConnection: close\r\n\r\n")
            let part = second.receive().text.components(separatedBy: "\r\n\r\n").dropFirst().joined()
            #expect(part == Self.largeText.dropFirst(100_000).prefix(800_000))
        }
    }

    @Test("a client that sends a byte now and then is let go")
    func drip() async throws {
        var limits = ConnectionLimits()
        limits.request = .seconds(1)
        try await withServer(limits: limits) { port in
            let client = try #require(HTTPClient(port: port, timeout: 1))
            let begin = ContinuousClock().now
            var isOpen = true
            while isOpen, ContinuousClock().now - begin < .seconds(8) {
                isOpen = client.send("G") && !client.receive().isClosed
            }
            #expect(!isOpen)
        }
    }

    @Test("a body that does not come is not waited for")
    func missingBody() async throws {
        var limits = ConnectionLimits()
        limits.request = .seconds(1)
        try await withServer(limits: limits) { port in
            let client = try #require(HTTPClient(port: port))
            client.send("POST / HTTP/1.1\r\n\(Self.host)Content-Length: 5\r\n\r\n")
            #expect(client.receive().isClosed)
        }
    }

    @Test("more connections than allowed are closed, and room is made when one goes")
    func tooManyConnections() async throws {
        var limits = ConnectionLimits()
        limits.connections = 2
        try await withServer(limits: limits) { port in
            var clients = (0..<2).compactMap { _ in HTTPClient(port: port) }
            for client in clients {
                client.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
                #expect(!client.receive(until: "school home").isClosed)
            }
            let third = try #require(HTTPClient(port: port))
            #expect(third.receive().isClosed)
            clients.removeAll()
            try await Task.sleep(for: .milliseconds(300))
            let fourth = try #require(HTTPClient(port: port))
            fourth.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(Self.statuses(in: fourth.receive(until: "school home").text) == ["200"])
        }
    }

    @Test("extra routes come first, streams arrive piece by piece, and everything else goes to the sites")
    func extraRoutes() async throws {
        let routes: HTTPServer.ExtraRoutes = { request in
            guard request.target == "/_events" else { return nil }
            let responder = StaticResponder(configuration: StaticSitesConfiguration(output: "none"))
            let pieces = AsyncStream { continuation in
                for number in 1...3 { continuation.yield(Array("data: \(number)\n\n".utf8)) }
                continuation.finish()
            }
            return ServerResponse(responder.eventStreamHead(surface: .site), pieces: pieces)
        }
        try await withServer(routes: routes) { port in
            let client = try #require(HTTPClient(port: port))
            client.send("GET /_events HTTP/1.1\r\n\(Self.host)\r\n")
            let events = client.receive(until: "data: 3").text
            #expect(events.contains("Content-Type: text/event-stream"))
            #expect(events.contains("data: 1\n\n") && events.contains("data: 2\n\n"))
            let other = try #require(HTTPClient(port: port))
            other.send("GET / HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
            #expect(other.receive().text.hasSuffix("school home"))
        }
    }

    @Test("a stream ends when its reader leaves")
    func readerLeaves() async throws {
        let (ended, endedContinuation) = AsyncStream<Void>.makeStream()
        let routes: HTTPServer.ExtraRoutes = { _ in
            let (pieces, continuation) = AsyncStream<[UInt8]>.makeStream()
            continuation.yield(Array("data: first\n\n".utf8))
            continuation.onTermination = { _ in endedContinuation.finish() }
            let responder = StaticResponder(configuration: StaticSitesConfiguration(output: "none"))
            return ServerResponse(responder.eventStreamHead(surface: .site), pieces: pieces)
        }
        try await withServer(routes: routes) { port in
            var client = HTTPClient(port: port)
            client?.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(client?.receive(until: "first").isClosed == false)
            client = nil
            // Waits for ever if the stream is not ended.
            for await _ in ended {}
        }
    }

    @Test("stopping closes idle connections, and the port is free again")
    func shutdown() async throws {
        let output = try Self.makeOutput()
        defer { try? FileManager.default.removeItem(atPath: output) }
        let responder = StaticResponder(configuration: StaticSitesConfiguration(output: output))
        let first = try await HTTPServer.start(responder: responder, port: 0)
        let client = try #require(HTTPClient(port: first.port))
        client.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
        #expect(!client.receive(until: "school home").isClosed)
        await first.shutdown()
        #expect(client.receive().isClosed)
        let second = try await HTTPServer.start(responder: responder, port: first.port)
        #expect(second.port == first.port)
        await #expect(throws: ListenError.self) { try await HTTPServer.start(responder: responder, port: first.port) }
        await second.shutdown()
    }

    private static let largeText = (0..<100_000).map { String($0 + 100_000_000) + "\n" }.joined()

    private static func statuses(in text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }

    private static func makeOutput() throws -> String {
        let output = NSTemporaryDirectory() + "marquee-server-" + UUID().uuidString
        let files = FileManager.default
        try files.createDirectory(atPath: output + "/.releases/school/r1", withIntermediateDirectories: true)
        try files.createDirectory(atPath: output + "/.hosts", withIntermediateDirectories: true)
        try Data("school home".utf8).write(to: URL(fileURLWithPath: output + "/.releases/school/r1/index.html"))
        try Data(largeText.utf8).write(to: URL(fileURLWithPath: output + "/.releases/school/r1/large.txt"))
        try files.createSymbolicLink(atPath: output + "/school", withDestinationPath: ".releases/school/r1")
        try files.createSymbolicLink(atPath: output + "/.hosts/school.sites.localhost", withDestinationPath: "../school")
        return output
    }

    private func withServer(
        limits: ConnectionLimits = ConnectionLimits(), routes: HTTPServer.ExtraRoutes? = nil, _ body: (Int) async throws -> Void
    ) async throws {
        let output = try Self.makeOutput()
        defer { try? FileManager.default.removeItem(atPath: output) }
        let responder = StaticResponder(configuration: StaticSitesConfiguration(output: output))
        let server = try await HTTPServer.start(responder: responder, port: 0, limits: limits, extraRoutes: routes)
        do {
            try await body(server.port)
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }
}
