import Database
import Glibc
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// How the platform is, in words.
struct HealthConsole: Sendable {
    let web: Web
    let platform: Platform
    let recorder: MetricsRecorder

    private static let path: LocalPath = "/operator/health"

    var routes: [Route] {
        [
            Route(.get, "/operator/health", surface: .app, permission: .operator, handler: show),
            Route(.post, "/operator/health/doctor", surface: .app, permission: .operator) { _, _ in
                try await platform.database.write { try DoctorJob.ask(platform, at: platform.now(), in: $0) }
                return .redirect(to: Self.path)
            },
        ]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let strings = web.pages.strings[context.language]
        let (organizations, report, isAsked) = try await platform.database.read { connection in
            (
                try connection.rows("SELECT subscription_status AS status, count(*) AS count FROM organization GROUP BY subscription_status")
                    .map { (status: try $0["status"] as SubscriptionStatus, count: try $0["count"] as Int) },
                try DoctorReport.last(connection), try DoctorJob.isAsked(at: platform.now(), connection)
            )
        }
        let jobs = try await platform.jobStore.counts()
        let counts = Dictionary(organizations.map { ($0.status, $0.count) }, uniquingKeysWith: +)
        var rows: [(Words, String)] = [
            ("operator.sites", String(SiteList.slugs(in: platform.settings.output).count)),
            (
                "operator.organizations",
                SubscriptionStatus.allCases.compactMap { status in counts[status].map { "\($0) \(status.words.text(strings))" } }
                    .joined(separator: ", ")
            ),
            (
                "operator.jobs",
                strings("operator.job_counts", Dictionary(uniqueKeysWithValues: JobStore.states.map { ($0, String(jobs[$0] ?? 0)) }))
            ),
            (
                "operator.mails",
                strings(
                    "operator.mail_counts",
                    Dictionary(uniqueKeysWithValues: ["sent", "delayed", "refused"].map { ($0, String(mails($0))) }))
            ),
        ]
        for (label, folder) in [("operator.free_data" as Words, platform.settings.data), ("operator.free_output", platform.settings.output)] {
            rows.append((label, Self.freeBytes(folder).map(ByteCount.text) ?? strings("operator.size_unknown")))
        }
        var values: TemplateObject = [
            "rows": .list(rows.map { ["label": .text($0.0.text(strings)), "value": .text($0.1)] }), "is_asked": .bool(isAsked), "report": .none,
        ]
        if let report {
            values["report"] = [
                "when": .text(AuditWords.when(report.endedAt, in: .utc, strings.language)), "is_well": .bool(report.count == 0),
                "count": .text(strings.plural("operator.problems", report.count)), "problems": .list(report.problems.map { .text($0) }),
            ]
        }
        return web.pages.response(Page("operator-health", title: "operator.health", values: values, isWide: true), context)
    }

    private func mails(_ outcome: String) -> Int { Int(recorder.count("marquee_mails_total", [("outcome", outcome)])) }

    /// What is left for us on the disk of a folder.
    private static func freeBytes(_ folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }
}
