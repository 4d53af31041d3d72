import HTTPServing
import NIOCore
import SiteBuilder
import StaticSites
import Synchronization
import Tenancy

/// Tells open pages that their site has changed, and what is wrong with it.
final class LiveReload: Sendable {
    fileprivate struct State {
        var nextID = 0
        var readers: [Int: (slug: String, stream: AsyncStream<[UInt8]>.Continuation)] = [:]
        var problems: [String: [String]] = [:]
        var templateProblem: String?
    }

    private static let scriptPath = "/-/live.js"
    private static let eventsPath = "/-/events"
    private let state = Mutex(State())

    // MARK: What happened

    func update(_ report: TenantReport) {
        var problems = report.findings.filter { $0.severity == .error }.map(\.description)
        if case .failed(let problem) = report.outcome { problems.append(problem) }
        let isRebuilt = if case .built = report.outcome { true } else { false }
        state.withLock { state in
            let isNew = state.problems[report.slug, default: []] != problems
            state.problems[report.slug] = problems
            for reader in state.readers.values where reader.slug == report.slug {
                if isRebuilt { reader.stream.yield(Self.event("reload", .bool(true))) }
                if isNew { reader.stream.yield(Self.event("problems", state.problemsValue(report.slug))) }
            }
        }
    }

    func templateProblem(_ problem: String?) {
        state.withLock { state in
            state.templateProblem = problem
            for reader in state.readers.values { reader.stream.yield(Self.event("problems", state.problemsValue(reader.slug))) }
        }
    }

    func close() {
        state.withLock { state in
            for reader in state.readers.values { reader.stream.finish() }
            state.readers = [:]
        }
    }

    // MARK: What browsers ask

    /// Answers the script and the events, and adds the script to pages; nil leaves a request to the sites.
    func reply(to request: SiteRequest, responder: StaticResponder, domain: Hostname) -> ServerResponse? {
        guard let host = request.hosts.first, let authority = try? Authority(host), let slug = authority.host.labels(below: domain).map(String.init)
        else { return nil }
        switch request.target {
        case Self.scriptPath:
            return ServerResponse(
                responder.response(
                    200, [HeaderField("Content-Type", "text/javascript; charset=utf-8")], body: .bytes(Array(Self.script.utf8)), caching: .never,
                    surface: .site))
        case Self.eventsPath: return ServerResponse(responder.eventStreamHead(surface: .site), pieces: stream(slug))
        default: return page(request, responder)
        }
    }

    private func page(_ request: SiteRequest, _ responder: StaticResponder) -> ServerResponse? {
        guard request.method == "GET", request.value(of: "sec-fetch-dest") == "document" || request.value(of: "sec-fetch-dest") == nil else {
            return nil
        }
        // The page is changed on its way, so neither a stored copy nor a compressed form fits.
        var plain = request
        plain.headers.removeAll { ["accept-encoding", "if-none-match", "if-modified-since", "range"].contains($0.name.lowercased()) }
        let response = responder.respond(to: plain)
        guard let type = response.value(of: "Content-Type"), type.hasPrefix("text/html"), var bytes = response.body.collected() else { return nil }
        let tag = Array("<script src=\"\(Self.scriptPath)\" defer></script></head>".utf8)
        guard let head = Self.find(Array("</head>".utf8), in: bytes) else { return nil }
        bytes.replaceSubrange(head..<(head + 7), with: tag)
        let headers = [HeaderField("Content-Type", "text/html; charset=utf-8")]
        return ServerResponse(responder.response(response.status, headers, body: .bytes(bytes), caching: .never, surface: .site))
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).first { bytes[$0] == needle[0] && bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
    }

    private func stream(_ slug: String) -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(16))
        let id = state.withLock { state in
            state.nextID += 1
            state.readers[state.nextID] = (slug, continuation)
            continuation.yield(Self.event("problems", state.problemsValue(slug)))
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.readers[id] = nil } }
        return stream
    }

    private static func event(_ name: String, _ value: JSONValue) -> [UInt8] {
        Array("event: \(name)\ndata: \(value.string)\n\n".utf8)
    }

    /// Texts are put into the page as text, never as HTML.
    private static let script = """
        (() => {
          let box;
          const show = (problems) => {
            if (!problems.length) { box?.remove(); box = undefined; return; }
            box ??= document.body.appendChild(Object.assign(document.createElement("div"), { id: "marquee-problems" }));
            box.setAttribute("role", "alert");
            const rules = { position: "fixed", inset: "auto 0 0 0", maxHeight: "45vh", overflow: "auto", zIndex: 9999, background: "#7a1020", color: "#fff",
              font: "14px/1.5 ui-monospace,monospace", padding: "1rem 1.5rem", borderTop: "4px solid #ff9aa8" };
            for (const [name, value] of Object.entries(rules)) box.style[name] = value;
            box.replaceChildren(...problems.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
          };
          const events = new EventSource("/-/events");
          events.addEventListener("reload", () => location.reload());
          events.addEventListener("problems", (event) => show(JSON.parse(event.data)));
        })();
        """
}

extension LiveReload.State {
    fileprivate func problemsValue(_ slug: String) -> JSONValue {
        .list(([templateProblem].compactMap { $0 } + problems[slug, default: []]).map { .text($0) })
    }
}
