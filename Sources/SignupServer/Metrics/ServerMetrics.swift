import CoreMetrics

/// What the server counts. All series are made once, so that a request costs some additions. No series has an organization in it.
struct ServerMetrics: Sendable {
    /// Where an answer came from.
    enum Surface: String, CaseIterable, Sendable {
        case site, app
        /// Refused before any host was asked.
        case none
    }

    private let requests: [Surface: [Counter]]
    private let seconds: [Surface: CoreMetrics.Timer]
    private let bytes: Counter
    private let builds: [String: Counter]
    private let buildSeconds: CoreMetrics.Timer
    private let signUps: [String: Counter]
    private let waitingJobs: Gauge
    private let deadJobs: Gauge
    /// For the kinds of jobs, which features bring along.
    private let factory: any MetricsFactory

    init(_ factory: any MetricsFactory) {
        requests = Dictionary(
            uniqueKeysWithValues: Surface.allCases.map { surface in
                (
                    surface,
                    (1...5).map { digit in
                        Counter(
                            label: "marquee_http_requests_total", dimensions: [("surface", surface.rawValue), ("status", "\(digit)xx")],
                            factory: factory)
                    }
                )
            })
        seconds = Dictionary(
            uniqueKeysWithValues: Surface.allCases.map { surface in
                (surface, CoreMetrics.Timer(label: "marquee_http_request_seconds", dimensions: [("surface", surface.rawValue)], factory: factory))
            })
        bytes = Counter(label: "marquee_http_sent_bytes_total", factory: factory)
        builds = Dictionary(
            uniqueKeysWithValues: ["built", "unchanged", "failed"].map { outcome in
                (outcome, Counter(label: "marquee_builds_total", dimensions: [("outcome", outcome)], factory: factory))
            })
        buildSeconds = CoreMetrics.Timer(label: "marquee_build_seconds", factory: factory)
        waitingJobs = Gauge(label: "marquee_jobs_waiting", factory: factory)
        deadJobs = Gauge(label: "marquee_jobs_dead", factory: factory)
        self.factory = factory
        signUps = Dictionary(
            uniqueKeysWithValues: ["asked", "confirmed", "rejected", "held", "waiting"].map { outcome in
                (outcome, Counter(label: "marquee_sign_ups_total", dimensions: [("outcome", outcome)], factory: factory))
            })
    }

    /// - Parameters:
    ///   - bytes: of content.
    ///   - nanoseconds: from the end of the request to the end of its answer.
    func answered(_ surface: Surface, status: Int, bytes: Int, nanoseconds: Int64) {
        if let counters = requests[surface], (100..<600).contains(status) { counters[status / 100 - 1].increment() }
        seconds[surface]?.recordNanoseconds(nanoseconds)
        self.bytes.increment(by: bytes)
    }

    func built(outcome: String, seconds: Double) {
        builds[outcome]?.increment()
        buildSeconds.recordSeconds(seconds)
    }

    func signUp(_ outcome: String) { signUps[outcome]?.increment() }

    /// - Parameter outcome: `done`, `retried` (it has failed and will run again) or `dead`.
    func job(kind: String, outcome: String) {
        Counter(label: "marquee_jobs_total", dimensions: [("kind", kind), ("outcome", outcome)], factory: factory).increment()
    }

    func jobEnded(kind: String, seconds: Double) {
        CoreMetrics.Timer(label: "marquee_job_seconds", dimensions: [("kind", kind)], factory: factory).recordSeconds(seconds)
    }

    func jobs(waiting: Int, dead: Int) {
        waitingJobs.record(waiting)
        deadJobs.record(dead)
    }

    /// - Parameter outcome: `sent`, `delayed` (to be tried again), `refused`, `capped`, `late` (of no use any more) or `broken`.
    func mail(_ outcome: String) {
        Counter(label: "marquee_mails_total", dimensions: [("outcome", outcome)], factory: factory).increment()
    }

    static let help = [
        "marquee_http_requests_total": "Requests answered, by surface and class of status.",
        "marquee_http_request_seconds": "Time from the end of a request to the end of its answer.",
        "marquee_http_sent_bytes_total": "Bytes of content sent.",
        "marquee_http_connections": "Open connections.",
        "marquee_builds_total": "Builds of one site, by outcome.",
        "marquee_build_seconds": "Time that one site's build took.",
        "marquee_sign_ups_total": "Sign-up forms sent, by what became of them.",
        "marquee_jobs_total": "Attempts at jobs, by kind and outcome.",
        "marquee_job_seconds": "Time that one attempt at a job took, by kind.",
        "marquee_jobs_waiting": "Jobs that wait for their time or their turn.",
        "marquee_jobs_dead": "Jobs that were given up.",
        "marquee_mails_total": "Attempts to send a mail, and mails that were not sent, by outcome.",
        "marquee_sites": "Sites in the output folder.",
        MetricsRecorder.droppedName: "Series not kept because there were too many.",
        "process_resident_memory_bytes": "Resident memory.",
        "process_open_fds": "Open file descriptors.",
        "process_start_time_seconds": "When the process was started, in seconds since 1970.",
    ]
}
