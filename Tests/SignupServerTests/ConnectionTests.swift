import Foundation
import FoundationNetworking
import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import SignupServer

/// Over real sockets: what clients send, rightly or not, and what they get.
@Suite("Connections of the server")
struct ConnectionTests {
    private static let site = RunningServer.host
    private static let app = RunningServer.appHost

    @Test(
        "bytes in, status lines out, and the connection closed then",
        arguments: [
            ("GET / HTTP/1.1\r\n\(site)Connection: close\r\n\r\n", [200]),
            ("GET /health HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [200]),
            ("GET / HTTP/1.0\r\n\(site)\r\n", [200]),
            ("GET /health HTTP/1.0\r\n\(app)\r\n", [200]),
            ("GET / HTTP/1.0\r\n\r\n", [404]),
            ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", [400]),
            ("GET / HTTP/1.1\r\n\(site)\(app)Connection: close\r\n\r\n", [400]),
            ("GET http://localhost/health HTTP/1.1\r\n\(site)Connection: close\r\n\r\n", [200]),
            ("GET http://school.sites.localhost/ HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [200]),
            ("GARBAGE\r\n\r\n", [400]),
            ("GET / HTTP/2.0\r\n\(site)\r\n", [400]),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
            ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n\(site)\r\n", [431]),
            ("GET / HTTP/1.1\r\n\(site)X: \(String(repeating: "a", count: 9_000))\r\n\r\n", [431]),
            ("GET / HTTP/1.1\r\n\(site)\(String(repeating: "X: a\r\n", count: 101))\r\n", [431]),
            ("GET / HTTP/1.1\r\n\(site)\(String(repeating: "X: \(String(repeating: "a", count: 1_000))\r\n", count: 70))\r\n", [431]),
            ("POST / HTTP/1.1\r\n\(site)Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\(site)Connection: close\r\n\r\n", [405, 200]),
            ("POST /health HTTP/1.1\r\n\(app)Content-Length: 99999999999999999999\r\n\r\n", [400]),
            ("POST /health HTTP/1.1\r\n\(app)Content-Length: 1000000\r\n\r\n", [413]),
            (
                "POST /health HTTP/1.1\r\n\(app)Transfer-Encoding: chunked\r\n\r\n50000\r\n\(String(repeating: "x", count: 0x50000))\r\n0\r\n\r\n",
                [413]
            ),
            ("GET / HTTP/1.1\r\n\(site)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
            ("POST /health HTTP/1.1\r\n\(app)Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", [400]),
            ("POST /health HTTP/1.1\r\n\(app)Transfer-Encoding: chunked\r\n\r\nzz\r\n", [400]),
            ("GET / HTTP/1.1\r\n\(site)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", [200]),
            ("CONNECT a.example:443 HTTP/1.1\r\n\(site)\r\n", [400]),
            ("OPTIONS * HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [400]),
            ("BREW /health HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [400]),
            ("PROPFIND /health HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [404]),
            ("GET /%00 HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [400]),
            ("GET /../health HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [400]),
            ("GET //evil.example/ HTTP/1.1\r\n\(app)Connection: close\r\n\r\n", [302]),
            ("GET / HTTP/1.1\r\n\(site)X : y\r\n\r\n", [400]),
            ("GET / HTTP/1.1\r\n\(site)\r\nBAD BAD\r\n\r\n", [200, 400]),
            (
                "\(String(repeating: "GET / HTTP/1.1\r\n\(site)\r\nGET /health HTTP/1.1\r\n\(app)\r\n", count: 3))GET / HTTP/1.1\r\n\(site)Connection: close\r\n\r\n",
                [200, 200, 200, 200, 200, 200, 200]
            ),
        ])
    func answers(bytes: String, statuses: [Int]) async throws {
        try await withServer { server in
            let (responses, isClosed) = await server.exchange(bytes)
            #expect(responses.map(\.status) == statuses)
            #expect(isClosed)
            for response in responses {
                #expect(response.value(of: "X-Content-Type-Options") == "nosniff")
                #expect(response.value(of: "Content-Security-Policy")?.contains("default-src 'self'") == true)
                #expect(response.value(of: "X-Request-Id")?.count == 13)
                #expect(response.value(of: "Date") != nil)
                #expect(response.value(of: "Location")?.hasPrefix("//") != true)
            }
            #expect(Set(responses.compactMap { $0.value(of: "X-Request-Id") }).count == responses.count)
        }
    }

    private static let servable = ServingCase.all.filter { serving in
        // The server redirects `/org/<name>/`, always has its own hosts, and no previews. Methods in lower case and a second space in the
        // request line meet the parser first, which refuses the one and forgives the other.
        serving.applies && serving.area != "preview" && (serving.area != "path-tenant" || serving.extra == "servepaths=no")
            && !["base", "apphosts"].contains(serving.extra.components(separatedBy: "=")[0]) && !serving.name.contains("previews domain")
            && !["method in lower case", "white space in front"].contains(serving.name)
    }

    @Test("the cases of tenant resolution and static serving hold on the wire")
    func servingCases() async throws {
        #expect(Self.servable.count > 120)
        let sites = try ServingCase.sites.get()
        try await withServer(["--sites-domain", "platform.org", "--public-port", "80"], output: sites.output) { server in
            for serving in Self.servable {
                let version = serving.extra == "version=1.0" ? "1.0" : "1.1"
                var bytes = "\(serving.method) \(serving.target) HTTP/\(version)\r\n" + serving.hosts.map { "Host: \($0)\r\n" }.joined()
                if serving.extra.contains(": ") { bytes += serving.extra + "\r\n" }
                guard let response = await server.exchange(bytes + "Connection: close\r\n\r\n").responses.first else {
                    Issue.record("\(serving): no answer")
                    continue
                }
                let failures = serving.failures(status: response.status, headers: response.headers, body: response.body)
                #expect(failures.isEmpty, "\(serving): \(failures)")
            }
        }
    }

    @Test("a connection is kept, for sites and for the app host in turn")
    func keepAlive() async throws {
        try await withServer { server in
            let texts = await offPool { () -> [String] in
                guard let client = HTTPClient(port: server.port) else { return [] }
                return (0..<6).map { number in
                    client.send("GET \(number % 2 == 0 ? "/" : "/health") HTTP/1.1\r\n\(number % 2 == 0 ? Self.site : Self.app)\r\n")
                    return client.receive(until: number % 2 == 0 ? "school home" : "ok\n").text
                }
            }
            #expect(texts.count == 6)
            for text in texts { #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n")) }
        }
    }

    @Test(
        "HEAD has the length of the content and none of it", arguments: [("/", site, "11"), ("/large.txt", site, "1000000"), ("/health", app, "3")])
    func head(path: String, host: String, length: String) async throws {
        try await withServer { server in
            let response = await server.exchange("HEAD \(path) HTTP/1.1\r\n\(host)Connection: close\r\n\r\n").responses.first
            #expect(response?.status == 200)
            #expect(response?.value(of: "Content-Length") == length)
            #expect(response?.body == "")
        }
    }

    @Test("a large file arrives whole, a part of it is that part, and what is known is not sent again")
    func largeFile() async throws {
        try await withServer { server in
            let whole = await server.get("/large.txt", host: "school.sites.localhost")
            #expect(whole?.body == RunningServer.largeText)
            let part = await server.get("/large.txt", host: "school.sites.localhost", "Range: bytes=100000-899999\r\n")
            #expect(part?.status == 206)
            #expect(part?.body == String(RunningServer.largeText.dropFirst(100_000).prefix(800_000)))
            let tag = try #require(whole?.value(of: "ETag"))
            let known = await server.get("/large.txt", host: "school.sites.localhost", "If-None-Match: \(tag)\r\n")
            #expect(known?.status == 304)
            #expect(known?.body == "")
        }
    }

    @Test("an ordinary HTTP client gets its pages compressed")
    func ordinaryClient() async throws {
        try await withServer { server in
            let address = try #require(URL(string: "http://school.sites.localhost:\(server.port)/large.txt"))
            let (data, response) = try await URLSession(configuration: .ephemeral).data(from: address)
            #expect((response as? HTTPURLResponse)?.statusCode == 200)
            #expect(data.count == RunningServer.largeText.utf8.count)
            let packed = await server.get("/large.txt", host: "school.sites.localhost", "Accept-Encoding: gzip\r\n")
            #expect(packed?.value(of: "Content-Encoding") == "gzip")
        }
    }

    @Test("a client that says it sends no more still gets its answer")
    func halfClosed() async throws {
        try await withServer { server in
            for (path, host) in [("/", Self.site), ("/health", Self.app), ("/large.txt", Self.site)] {
                let (text, isClosed) = await offPool { () -> (String, Bool) in
                    guard let client = HTTPClient(port: server.port) else { return ("", false) }
                    client.send("GET \(path) HTTP/1.1\r\n\(host)\r\n")
                    client.endSending()
                    return client.receive()
                }
                #expect(isClosed)
                #expect(RawResponse.all(in: text).map(\.status) == [200])
            }
            let half = await offPool { () -> Bool in
                guard let client = HTTPClient(port: server.port) else { return false }
                client.send("GET / HT")
                client.endSending()
                return client.receive().isClosed
            }
            #expect(half)
        }
    }

    @Test("a client that sends its head or its body too slowly is told so and let go; a quiet one is let go")
    func slowClients() async throws {
        try await withServer(configure: { settings in
            settings.limits.request = .seconds(1)
            settings.limits.idle = .seconds(2)
        }) { server in
            async let head = Self.drip(server.port, "GET / HTTP/1.1\r\nX: ")
            async let body = Self.drip(server.port, "POST /health HTTP/1.1\r\n\(Self.app)Content-Length: 100\r\n\r\n")
            async let quiet = offPool { HTTPClient(port: server.port, timeout: 10)?.receive().isClosed }
            for (text, seconds) in await [head, body] {
                #expect(RawResponse.all(in: text).map(\.status) == [408])
                #expect(seconds < 14)
            }
            #expect(await quiet == true)
        }
    }

    /// Sends a byte each second; what comes back until the server closes, and when that is.
    private static func drip(_ port: Int, _ begin: String) async -> (text: String, seconds: Double) {
        await offPool {
            guard let client = HTTPClient(port: port, timeout: 1) else { return ("", 0) }
            let start = Date()
            client.send(begin)
            var text = ""
            while Date().timeIntervalSince(start) < 15 {
                let (more, isClosed) = client.receive()
                text += more
                if isClosed || !client.send("a") { break }
            }
            return (text, Date().timeIntervalSince(start))
        }
    }

    @Test("a client that takes nothing is let go, and others are served meanwhile")
    func slowReader() async throws {
        try await withServer(configure: { $0.limits.write = .seconds(1) }) { server in
            let clients = await offPool { () -> [HTTPClient] in
                let clients = (0..<4).compactMap { _ in HTTPClient(port: server.port, timeout: 1) }
                // Many times a file of 1 MB is more than the sockets' buffers hold.
                for client in clients { client.send(String(repeating: "GET /large.txt HTTP/1.1\r\n\(Self.site)\r\n", count: 100)) }
                return clients
            }
            #expect(await server.get("/", host: "school.sites.localhost")?.status == 200)
            let deadline = Date().addingTimeInterval(20)
            while server.server.connections.count > 0, Date() < deadline { try await Task.sleep(for: .milliseconds(100)) }
            #expect(server.server.connections.count == 0)
            #expect(clients.count == 4)
        }
    }

    @Test("200 connections at once are all answered")
    func manyConnections() async throws {
        try await withServer { server in
            let statuses = await offPool { () -> [Int] in
                let clients = (0..<200).compactMap { _ in HTTPClient(port: server.port, timeout: 20) }
                for (number, client) in clients.enumerated() {
                    client.send(
                        "GET \(number % 3 == 0 ? "/health" : "/") HTTP/1.1\r\n\(number % 3 == 0 ? Self.app : Self.site)Connection: close\r\n\r\n")
                }
                return clients.flatMap { RawResponse.all(in: $0.receive().text).map(\.status) }
            }
            #expect(statuses == Array(repeating: 200, count: 200))
        }
    }

    @Test("more connections than allowed are closed, and room is made when one goes")
    func tooManyConnections() async throws {
        try await withServer(["--limits-connections", "2"]) { server in
            let third = await offPool { () -> Bool? in
                let kept = (0..<2).compactMap { _ in HTTPClient(port: server.port) }
                for client in kept {
                    client.send("GET / HTTP/1.1\r\n\(Self.site)\r\n")
                    _ = client.receive(until: "school home")
                }
                return withExtendedLifetime(kept) { HTTPClient(port: server.port)?.receive().isClosed }
            }
            #expect(third == true)
            let deadline = Date().addingTimeInterval(10)
            while server.server.connections.count > 0, Date() < deadline { try await Task.sleep(for: .milliseconds(50)) }
            #expect(await server.get("/", host: "school.sites.localhost")?.status == 200)
        }
    }

    @Test("a client that waits to be asked for its body is asked")
    func expectContinue() async throws {
        let echo = Route(.post, "/echo", surface: .app, permission: .anyone) { request, _ in
            .text(String(buffer: try await request.body.collect(upTo: 100)))
        }
        try await withServer(routes: [echo]) { server in
            let (asked, answer) = await offPool { () -> (String, String) in
                guard let client = HTTPClient(port: server.port) else { return ("", "") }
                client.send(
                    "POST /echo HTTP/1.1\r\n\(Self.app)Sec-Fetch-Site: same-origin\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
                )
                let asked = client.receive(until: "\r\n\r\n").text
                client.send("hello")
                return (asked, client.receive().text)
            }
            #expect(asked.hasPrefix("HTTP/1.1 100 "))
            #expect(RawResponse.all(in: answer).map(\.body) == ["hello"])
        }
    }

    @Test("what a client has sent completely is done, even if it leaves")
    func clientLeaves() async throws {
        let (finished, continuation) = AsyncStream.makeStream(of: Bool.self)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let slow = Route(.post, "/slow", surface: .app, permission: .anyone) { _, _ in
            beginning.yield(())
            try? await Task.sleep(for: .milliseconds(500))
            continuation.yield(Task.isCancelled)
            return .text("done")
        }
        try await withServer(routes: [slow]) { server in
            let client = await offPool { () -> HTTPClient? in
                let client = HTTPClient(port: server.port)
                client?.send("POST /slow HTTP/1.1\r\n\(Self.app)Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n")
                return client
            }
            _ = await begun.first { _ in true }
            client?.close()
            #expect(await finished.first { _ in true } == false)
        }
    }
}
