import CoreMetrics
import Foundation
import Testing

@testable import SignupServer

@Suite("Health, readiness, metrics")
struct OperationsTests {
    @Test("alive is alive; ready needs the sites to be built and readable")
    func readiness() async throws {
        try await withServer { server in
            #expect(await server.get("/health")?.body == "ok\n")
            let deadline = Date().addingTimeInterval(10)
            while await server.get("/ready")?.status != 200, Date() < deadline { try await Task.sleep(for: .milliseconds(50)) }
            let ready = await server.get("/ready")
            #expect(ready?.status == 200)
            #expect(ready?.body == #"{"ready":true,"reasons":[]}"#)
            #expect(ready?.value(of: "Cache-Control") == "no-store")
        }
        try await withServer(output: NSTemporaryDirectory() + "marquee-none-\(UUID().uuidString)") { server in
            let answer = await server.get("/ready")
            #expect(answer?.status == 503)
            #expect(answer?.body.contains("the output folder can't be read: No such file or directory") == true)
            #expect(await server.get("/health")?.status == 200)
        }
    }

    @Test("what can't be built is told")
    func notBuilt() async throws {
        try await withServer(content: "/nowhere") { server in
            let deadline = Date().addingTimeInterval(10)
            while await server.get("/ready")?.body.contains("/nowhere") != true, Date() < deadline { try await Task.sleep(for: .milliseconds(50)) }
            #expect(await server.get("/ready")?.body.contains("/nowhere can't be read") == true)
            #expect(await server.get("/ready")?.status == 503)
            #expect(await server.get("/", host: "school.sites.localhost")?.status == 200)
        }
    }

    @Test("metrics count requests by surface and status, their time, their bytes, connections and builds; no organization is named")
    func counts() async throws {
        try await withServer { server in
            for _ in 0..<3 { _ = await server.get("/", host: "school.sites.localhost") }
            _ = await server.get("/nothing", host: "school.sites.localhost")
            _ = await server.get("/", host: "evil.example")
            _ = await server.get("/health")
            let answer = await server.get("/metrics")
            #expect(answer?.value(of: "Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            let text = try #require(answer?.body)
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.contains(#"marquee_http_requests_total{surface="site",status="2xx"} 3"#))
            #expect(lines.contains(#"marquee_http_requests_total{surface="site",status="4xx"} 1"#))
            #expect(lines.contains(#"marquee_http_requests_total{surface="none",status="4xx"} 1"#))
            #expect(lines.contains(#"marquee_http_request_seconds_count{surface="site"} 4"#))
            #expect(lines.contains(#"marquee_http_request_seconds_bucket{surface="site",le="+Inf"} 4"#))
            #expect(lines.contains("marquee_sites 1"))
            #expect(lines.contains { $0.hasPrefix("marquee_builds_total{outcome=\"built\"} ") })
            #expect(lines.contains { $0.hasPrefix("marquee_http_connections ") })
            #expect(lines.contains { $0.hasPrefix("marquee_http_sent_bytes_total ") })
            #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
            #expect(!text.contains("school"))
            try Self.checkFormat(lines)
        }
    }

    /// Each metric has its type before its first sample, its samples together, and every value is a number.
    private static func checkFormat(_ lines: [String]) throws {
        var types: [String: String] = [:]
        var current = ""
        for line in lines {
            if line.hasPrefix("# HELP ") { continue }
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ").map(String.init)
                try #require(words.count == 4)
                #expect(types[words[2]] == nil, "\(words[2]) comes twice")
                types[words[2]] = words[3]
                current = words[2]
                continue
            }
            let match = try #require(try /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? (\S+)/.wholeMatch(in: line), "\(line)")
            let name = String(match.1)
            let allowed = types[current] == "histogram" ? ["\(current)_bucket", "\(current)_sum", "\(current)_count"] : [current]
            #expect(allowed.contains(name), "\(line)")
            #expect(Double(match.4) != nil, "\(line)")
        }
        #expect(types.count > 8)
    }

    @Test("metrics are for this machine, or for whoever has the token")
    func whoMayRead() async throws {
        let token = "0123456789abcdef"
        try await withServer(["--metrics-token", token]) { server in
            #expect(await server.get("/metrics")?.status == 200)
            // A proxy on this machine passes on what comes from others.
            #expect(await server.get("/metrics", "X-Forwarded-For: 192.0.2.1\r\n")?.status == 404)
            #expect(await server.get("/metrics", "X-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer \(token)\r\n")?.status == 200)
            for wrong in ["Bearer \(token)0", "Bearer 0123456789abcdee", "Bearer ", "Basic \(token)", token] {
                #expect(await server.get("/metrics", "X-Forwarded-For: 192.0.2.1\r\nAuthorization: \(wrong)\r\n")?.status == 404)
            }
        }
        try await withServer(["--trusted-proxies", "127.0.0.1"]) { server in
            #expect(await server.get("/metrics", "X-Forwarded-For: 192.0.2.1\r\n")?.status == 404)
            #expect(await server.get("/metrics", "X-Forwarded-For: 127.0.0.1\r\nAuthorization: Bearer \r\n")?.status == 404)
        }
    }

    @Test("series are bounded, and what is dropped is counted")
    func bounded() {
        let recorder = MetricsRecorder(maximumSeries: 10)
        for number in 0..<100 { Counter(label: "requests", dimensions: [("slug", "school\(number)")], factory: recorder).increment() }
        let text = recorder.text()
        #expect(text.components(separatedBy: "requests{").count == 11)
        #expect(text.contains("marquee_metrics_dropped_total 90\n"))
    }

    @Test("labels of libraries are made names, and values are escaped")
    func names() {
        let recorder = MetricsRecorder(help: ["hb_request_errors": "Errors."])
        Counter(label: "hb.request.errors", dimensions: [("error-type", "a \"b\" \\ \nc")], factory: recorder).increment(by: 2)
        Gauge(label: "9lives", factory: recorder).record(1.5)
        let text = recorder.text()
        #expect(text.contains("# HELP hb_request_errors Errors.\n# TYPE hb_request_errors counter\n"))
        #expect(text.contains(#"hb_request_errors{error_type="a \"b\" \\ \nc"} 2"# + "\n"))
        #expect(text.contains("# TYPE _9lives gauge\n_9lives 1.5\n"))
    }

    @Test("a histogram's buckets add up")
    func histogram() {
        let recorder = MetricsRecorder()
        let timer = CoreMetrics.Timer(label: "wait", factory: recorder)
        for milliseconds in [0, 1, 3, 3, 20_000] { timer.recordMilliseconds(milliseconds) }
        let text = recorder.text()
        for line in [
            #"wait_bucket{le="0.0005"} 1"#, #"wait_bucket{le="0.001"} 2"#, #"wait_bucket{le="0.0025"} 2"#, #"wait_bucket{le="0.005"} 4"#,
            #"wait_bucket{le="10"} 4"#, #"wait_bucket{le="+Inf"} 5"#, "wait_sum 20.007", "wait_count 5",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
    }
}
