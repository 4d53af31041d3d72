import Foundation
import HTTPServing
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

@testable import SignupServer

@Suite("Stopping")
struct ShutdownTests {
    @Test("what was accepted is finished, and nothing more is accepted")
    func finishes() async throws {
        let begun = Shared(0)
        let slow = Route(.get, "/slow", surface: .app, permission: .anyone) { _, _ in
            begun.change { $0 += 1 }
            try await Task.sleep(for: .seconds(4))
            return .text("finished")
        }
        try await withServer(routes: [slow]) { server in
            async let answers = withTaskGroup(of: String?.self) { group in
                for _ in 0..<20 { group.addTask { await server.get("/slow")?.body } }
                return await group.reduce(into: [String?]()) { $0.append($1) }
            }
            while begun.value < 20 { try await Task.sleep(for: .milliseconds(10)) }
            await server.stop()
            let isRefused = await offPool { () -> Bool in
                let deadline = Date().addingTimeInterval(3.5)
                while Date() < deadline { if HTTPClient(port: server.port) == nil { return true } }
                return false
            }
            #expect(isRefused)
            #expect(await answers == Array(repeating: "finished", count: 20))
        }
    }

    @Test("under load, every answer is whole or there is none")
    func underLoad() async throws {
        let wholes = Shared<[Bool]>([])
        try await withServer { server in
            async let end: Void = withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { await offPool { Self.load(server.port) { isWhole in wholes.change { $0.append(isWhole) } } } } }
            }
            let deadline = Date().addingTimeInterval(30)
            while wholes.value.count < 40, Date() < deadline { try await Task.sleep(for: .milliseconds(20)) }
            let start = ContinuousClock().now
            await server.stop()
            await end
            #expect(wholes.value.count >= 40)
            #expect(wholes.value.allSatisfy { $0 })
            #expect(ContinuousClock().now - start < .seconds(15))
        }
    }

    /// Asks until the server is gone; tells of each answer whether it is whole.
    private static func load(_ port: Int, told: (Bool) -> Void) {
        for _ in 0..<5000 {
            guard let client = HTTPClient(port: port) else { return }
            client.send("GET /large.txt HTTP/1.1\r\n\(RunningServer.host)Connection: close\r\n\r\n")
            let (text, _) = client.receive()
            // Nothing at all: accepted by the system, not by the server.
            if !text.isEmpty { told(RawResponse.all(in: text).first?.body == RunningServer.largeText) }
        }
    }

    @Test("a client that takes for ever is cut off after the grace time")
    func grace() async throws {
        try await withServer(["--shutdown-seconds", "1"]) { server in
            let client = await offPool { () -> HTTPClient? in
                let client = HTTPClient(port: server.port)
                client?.send(String(repeating: "GET /large.txt HTTP/1.1\r\n\(RunningServer.host)\r\n", count: 100))
                return client
            }
            try await Task.sleep(for: .milliseconds(500))
            let start = ContinuousClock().now
            await server.stop()
            while server.server.connections.count > 0, ContinuousClock().now - start < .seconds(20) { try await Task.sleep(for: .milliseconds(50)) }
            #expect(ContinuousClock().now - start < .seconds(15))
            withExtendedLifetime(client) {}
        }
    }

    @Test("idle connections are closed at once")
    func idle() async throws {
        try await withServer { server in
            let client = await offPool { () -> HTTPClient? in
                let client = HTTPClient(port: server.port)
                client?.send("GET / HTTP/1.1\r\n\(RunningServer.host)\r\n")
                _ = client?.receive(until: "school home")
                return client
            }
            let start = ContinuousClock().now
            await server.stop()
            #expect(await offPool { client?.receive().isClosed } == true)
            #expect(ContinuousClock().now - start < .seconds(4))
        }
    }

    @Test("a port in use is told, not waited for")
    func portInUse() async throws {
        try await withServer { server in
            await #expect(throws: (any Error).self) {
                try await withServer(configure: { $0.port = server.port }) { _ in }
            }
        }
    }
}
