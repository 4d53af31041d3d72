import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// The platform's jobs in the console: how many there are, what was given up and why.
struct JobConsole: Sendable {
    let web: Web
    let platform: Platform

    private static let path: LocalPath = "/operator/jobs"

    var routes: [Route] {
        [
            Route(.get, "/operator/jobs", surface: .app, permission: .operator, handler: show),
            Route(.post, "/operator/jobs/retry", surface: .app, permission: .operator) { request, _ in
                try await change(request) { try await platform.jobStore.revive($0, now: platform.now()) }
            },
            Route(.post, "/operator/jobs/remove", surface: .app, permission: .operator) { request, _ in
                try await change(request) { try await platform.jobStore.removeDead($0) }
            },
        ]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let strings = web.pages.strings[context.language]
        let (store, counts) = (platform.jobStore, try await platform.jobStore.counts())
        // Most urgent first.
        let sections: [(state: String, title: Words)] = [
            ("dead", "operator.jobs_dead"), ("running", "operator.jobs_running"), ("waiting", "operator.jobs_waiting"),
        ]
        var values: [TemplateValue] = []
        for section in sections {
            let jobs = try await store.list(state: section.state)
            let owners = try await owners(of: jobs)
            values.append([
                "title": .text(section.title.text(strings)), "count": .text(String(counts[section.state] ?? 0)),
                "jobs": .list(
                    jobs.map { job in
                        guard case .object(var object) = job.value(strings), let owner = job.organization.flatMap({ owners[$0] }) else {
                            return job.value(strings)
                        }
                        object["owner"] = ["slug": .text(owner.text), "address": .text(OrganizationConsole.path(owner).text)]
                        return .object(object)
                    }),
            ])
        }
        return web.pages.response(Page("operator-jobs", title: "operator.jobs", values: ["sections": .list(values)], isWide: true), context)
    }

    private func owners(of jobs: [JobStore.ListedJob]) async throws -> [OrganizationID: Slug] {
        let ids = Set(jobs.compactMap(\.organization))
        return try await platform.database.read { connection in
            var slugs: [OrganizationID: Slug] = [:]
            for id in ids { slugs[id] = try connection.row("SELECT slug FROM organization WHERE id = :id", ["id": id])?["slug"] }
            return slugs
        }
    }

    /// Somebody else may have been quicker: then there is nothing left to do.
    private func change(_ request: Request, _ body: (UniqueID) async throws -> Bool) async throws -> Response {
        guard let id = try await FormData.read(request)["job"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        if try await body(id) { platform.jobs.wakeUp.call() }
        return .redirect(to: Self.path)
    }
}
