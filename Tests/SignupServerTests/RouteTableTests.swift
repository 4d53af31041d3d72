import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Tenancy
import Testing

@testable import SignupServer

@Suite("The table of routes")
struct RouteTableTests {
    @Test("the router has no route that isn't in the table, and the table none twice")
    func complete() async throws {
        try await withServer { server in
            let table = server.server.routes
            let declared = table.routes.map { "\($0.method) \($0.path)" }
            #expect(Set(declared).count == declared.count)
            #expect(["GET /", "GET /health", "GET /ready", "GET /metrics", "GET /org/**"].allSatisfy(declared.contains))
            let paths = Set(table.routes.map(\.path.description))
            for route in table.router().routes { #expect(paths.contains(route.path.description), "\(route)") }
        }
    }

    @Test("of the routes that are for anyone, each is known")
    func forAnyone() async throws {
        // Whoever adds one has to say so here as well.
        let known: Set = [
            "GET /", "GET /health", "GET /ready", "GET /metrics", "GET /org/**", "GET /assets/{file}", "GET /sign-in", "POST /sign-in",
            "GET /sign-in/sent", "POST /sign-in/sent", "GET /sign-in/link", "POST /sign-in/link", "POST /sign-out",
            "GET /sign-in/second-factor", "POST /sign-in/second-factor", "GET /sign-in/second-factor/passkey", "POST /sign-in/second-factor/passkey",
            "GET /sign-in/passkey", "POST /sign-in/passkey",
            "GET /sign-up", "POST /sign-up", "GET /sign-up/address", "GET /sign-up/sent", "GET /sign-up/waiting", "GET /sign-up/confirm",
            "POST /sign-up/confirm",
            "GET /invitation", "POST /invitation",
            "GET /dev/outbox", "GET /dev/outbox/{name}",
            "GET /api/v1/openapi.json", "GET /dev/outbox", "GET /dev/outbox/{name}",
        ]
        try await withServer { server in
            let open = server.server.routes.routes.filter { $0.permission == .anyone }.map { "\($0.method) \($0.path)" }
            #expect(Set(open) == known)
        }
    }

    private static let closed: [Permission] = [.signedIn, .member([.owner]), .member(Set(Role.allCases)), .operator]

    @Test("a route that isn't for anyone is closed to a stranger, by every method that it has", arguments: closed)
    func closedRoutes(permission: Permission) async throws {
        let routes = [HTTPRequest.Method.get, .post, .put, .patch, .delete].map { method in
            Route(method, "/closed", surface: .app, permission: permission) { _, _ in .text("the inside") }
        }
        try await withServer(routes: routes) { server in
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
                let answer = await server.exchange(
                    "\(method) /closed HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                // Who asks for a page is led to the form.
                #expect(answer.responses.map(\.status) == [["GET", "HEAD"].contains(method) ? 303 : 401])
                #expect(answer.responses.first?.body.contains("the inside") == false)
            }
        }
    }

    @Test("a route for programs is closed to whoever shows no token, signed in or not, and needs no page of ours")
    func routesForPrograms() async throws {
        let routes = [HTTPRequest.Method.get, .post, .put, .patch, .delete].map { method in
            Route(method, "/closed", surface: .app, permission: .token(.readPages)) { _, _ in .text("the inside") }
        }
        try await withAccounts(routes: routes) { test in
            try await test.add(user: "ana@oak.example", isOperator: true)
            let browser = test.browser()
            await test.signIn("ana@oak.example", browser)
            #expect(await browser.get("/closed")?.status == 401)
            #expect(await browser.post("/closed")?.status == 401)
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
                let answer = await test.server.exchange(
                    "\(method) /closed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                #expect(answer.responses.map(\.status) == [401])
                #expect(answer.responses.first?.body.contains("the inside") == false)
            }
        }
    }

    @Test("under this machine's own names, production answers operations only")
    func operations() async throws {
        let production = [
            "--environment", "production", "--app-host", "app.marquee.example", "--sites-domain", "sites.example.org", "--public-scheme", "https",
            "--mail-transport", "sendmail", "--mail-from", "hello@marquee.example",
        ]
        let secret = Route(.get, "/app-only", surface: .app, permission: .anyone) { _, _ in .text("app") }
        try await withServer(production, routes: [secret]) { server in
            for host in ["localhost", "127.0.0.1", "[::1]"] {
                #expect(await server.get("/health", host: host)?.status == 200)
                #expect(await server.get("/ready", host: host)?.status != 404)
                #expect(await server.get("/", host: host)?.status == 404)
                #expect(await server.get("/app-only", host: host)?.status == 404)
                #expect(await server.exchange("POST /app-only HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n").responses.first?.status == 404)
            }
            #expect(await server.get("/app-only", host: "app.marquee.example")?.body == "app")
            #expect(await server.get("/", host: "app.marquee.example")?.status == 200)
            #expect(await server.get("/health", host: "marquee.example")?.status == 404)
            let elsewhere = await server.get("/org/school/large.txt?x=1", host: "app.marquee.example")
            #expect(elsewhere?.value(of: "Location") == "https://school.sites.example.org/large.txt?x=1")
        }
    }

    @Test(
        "other methods are told which ones there are; other paths are not there",
        arguments: [
            ("POST", "/health", 405, "GET, HEAD"), ("DELETE", "/", 405, "GET, HEAD"), ("GET", "/nothing", 404, nil), ("POST", "/nothing", 404, nil),
        ]
            as [(String, String, Int, String?)])
    func otherMethods(method: String, path: String, status: Int, allow: String?) async throws {
        try await withServer { server in
            let answer = await server.exchange("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").responses.first
            #expect(answer?.status == status)
            #expect(answer?.value(of: "Allow") == allow)
            #expect(answer?.value(of: "X-Content-Type-Options") == "nosniff")
        }
    }

    @Test("what a route gets: the whole body, its path's parameters, the client, a name for the request")
    func context() async throws {
        let echo = Route(.post, "/echo/{name}", surface: .app, permission: .anyone) { request, context in
            let body = try await request.body.collect(upTo: 100)
            let name = context.parameters.get("name") ?? ""
            let client = context.forwarded.client == NetworkAddress("192.0.2.7")
            return .text(
                "\(name) \(String(buffer: body)) \(client) \(request.uri.query ?? "") \(request.headers[values: .cookie])|\(context.requestID)")
        }
        try await withServer(["--trusted-proxies", "127.0.0.0/8"], routes: [echo]) { server in
            let head =
                "POST /echo/caf%c3%a9?q=1 HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\nX-Forwarded-For: 192.0.2.7\r\nOrigin: http://localhost\r\nConnection: close\r\n"
            let answer = await server.exchange(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n").responses.first
            let parts = answer?.body.components(separatedBy: "|")
            #expect(parts?.first == "caf%C3%A9 hello true q=1 [\"a=b\"]")
            #expect(parts?.last == answer?.value(of: "X-Request-Id"))
        }
    }

    @Test("a route that fails answers 500 with the security headers, and tells nothing of why")
    func failure() async throws {
        struct Failure: Error { let reason = "the inside" }
        let failing = Route(.get, "/failing", surface: .app, permission: .anyone) { _, _ in throw Failure() }
        try await withServer(routes: [failing]) { server in
            let answer = await server.get("/failing")
            #expect(answer?.status == 500)
            #expect(answer?.body.contains("the inside") == false)
            #expect(answer?.value(of: "Content-Security-Policy")?.contains("default-src 'self'") == true)
            #expect(answer?.value(of: "Cache-Control") == "no-store")
            #expect(server.log.text.contains("a route has failed"))
        }
    }

    @Test("a streamed answer comes piece by piece, to HTTP/1.0 too, and a broken one is no whole")
    func streams() async throws {
        let pieces = Route(.get, "/pieces", surface: .app, permission: .anyone) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for number in 1...100 { try await writer.write(ByteBuffer(string: "\(number) " + String(repeating: "x", count: 5000))) }
                    try await writer.finish(nil)
                })
        }
        let short = Route(.get, "/short", surface: .app, permission: .anyone) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody(contentLength: 100_000) { writer in
                    try await writer.write(ByteBuffer(string: "only this"))
                    try await writer.finish(nil)
                })
        }
        try await withServer(routes: [pieces, short]) { server in
            let new = await server.exchange("GET /pieces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").responses.first
            #expect(new?.value(of: "Transfer-Encoding") == "chunked")
            #expect(new?.body.hasSuffix("0\r\n\r\n") == true)
            let old = await server.exchange("GET /pieces HTTP/1.0\r\nHost: localhost\r\n\r\n").responses.first
            #expect(old?.value(of: "Transfer-Encoding") == nil)
            #expect(old?.body.utf8.count == (1...100).reduce(0) { $0 + "\($1) ".utf8.count + 5000 })
            let broken = await server.exchange("GET /short HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(broken.isClosed)
            #expect(broken.responses.first?.body == "only this")
        }
    }
}
