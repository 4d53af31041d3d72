import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import SignupServer

@Suite("Hostile bytes")
struct FuzzTests {
    private static let seeds = [
        "GET / HTTP/1.1\r\nHost: school.sites.localhost\r\n\r\n",
        "GET /large.txt HTTP/1.1\r\nHost: school.sites.localhost\r\nRange: bytes=0-99,5-\r\nIf-None-Match: \"a\", W/\"b\"\r\n\r\n",
        "GET /health?a=b&c=%20 HTTP/1.1\r\nHost: localhost:8080\r\nCookie: a=b; c=d\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\n",
        "POST /echo/a%2fb HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d",
        "POST /echo/x HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
        "GET /org/school/%e4%b8%ad?x#y HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: br;q=1.0, gzip;q=0\r\nConnection: keep-alive\r\n\r\n",
        "GET http://school.sites.localhost:1/../ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    ].map { Array($0.utf8) }

    /// Every trap is an outage for all tenants, so the test is that the process is still there.
    @Test("for ten seconds, mutated and random requests leave the server up and answering")
    func hostileBytes() async throws {
        let echo = Route(.post, "/echo/{name}", surface: .app, permission: .anyone) { request, context in
            let form = try? await request.body.collect(upTo: 10_000)
            return .text("\(context.parameters.get("name") ?? "") \(request.uri.queryParameters.count) \(form?.readableBytes ?? 0)")
        }
        try await withServer(["--trusted-proxies", "127.0.0.1"], routes: [echo]) { server in
            let counts = await withTaskGroup(of: Int.self) { group in
                for worker in 0..<3 {
                    group.addTask { await offPool { Self.attack(server.port, seed: 0xF00D + UInt64(worker), seconds: 10) } }
                }
                return await group.reduce(0, +)
            }
            #expect(counts > 30)
            #expect(await server.get("/health")?.body == "ok\n")
            #expect(await server.get("/", host: "school.sites.localhost")?.body == "school home")
        }
    }

    private static func attack(_ port: Int, seed: UInt64, seconds: Double) -> Int {
        var random = SeededGenerator(seed: seed)
        let end = Date().addingTimeInterval(seconds)
        var count = 0
        while Date() < end {
            guard let client = HTTPClient(port: port, timeout: 1) else { return -1_000_000 }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                client.send(mutated(seeds[Int.random(in: 0..<seeds.count, using: &random)], &random))
            }
            // Half are left as they are, half say that they are done and read what comes.
            if Bool.random(using: &random) {
                client.endSending()
                _ = client.receive()
            }
            count += 1
        }
        return count
    }

    private static func mutated(_ seed: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        if Int.random(in: 0..<10, using: &random) == 0 {
            return (0..<Int.random(in: 0...500, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: position)
            case 2: bytes.insert([0, 0x0A, 0x0D, 0x20, 0x25, 0x2F, 0x3A, 0x80, 0xFF][Int.random(in: 0..<9, using: &random)], at: position)
            case 3: bytes.insert(contentsOf: bytes[position...].prefix(Int.random(in: 1...60, using: &random)), at: position)
            case 4: bytes.removeSubrange(position..<min(bytes.count, position + Int.random(in: 1...20, using: &random)))
            default: bytes.insert(contentsOf: Array(repeating: bytes[position], count: Int.random(in: 1...3000, using: &random)), at: position)
            }
        }
        return bytes
    }
}
