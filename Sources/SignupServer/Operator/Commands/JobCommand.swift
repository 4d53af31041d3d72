import ArgumentParser
import SiteBuilder
import Tenancy

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Look after the platform's jobs.", subcommands: [List.self, Retry.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List jobs: those that were given up, or others.", usage: "SignupServer job list [--state <state>] [options]")
        @Option(help: "waiting, running or dead.") var state = "dead"
        @OptionGroup var options: PlatformOptions

        func validate() throws {
            if !JobStore.states.contains(state) { throw ValidationError("--state is \(JobStore.states.joined(separator: ", "))") }
        }

        func run() async throws {
            try await options.run { platform in
                for job in try await platform.jobStore.list(state: state, limit: 1_000) {
                    if options.json {
                        Swift.print(job.json.string)
                    } else {
                        Swift.print(job.facts.map(\.1).joined(separator: " "))
                    }
                }
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin anew with a job that was given up.", usage: "SignupServer job retry <job> [options]")
        @Argument var job: UniqueID
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await JobCommand.change(job, "waiting", options) { try await $0.jobStore.revive(job, now: $0.now()) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget a job that was given up.", usage: "SignupServer job remove <job> [options]")
        @Argument var job: UniqueID
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await JobCommand.change(job, "removed", options) { try await $0.jobStore.removeDead(job) }
        }
    }

    private static func change(
        _ job: UniqueID, _ outcome: String, _ options: PlatformOptions, _ body: (Platform) async throws -> Bool
    ) async throws {
        try await options.run { platform in
            guard try await body(platform) else { throw NoDeadJob(id: job) }
            if options.json {
                Swift.print(JSONValue.object([("id", .text("\(job)")), ("state", .text(outcome))]).string)
            } else {
                Swift.print("\(job): \(outcome)")
            }
        }
    }

    private struct NoDeadJob: Error, CustomStringConvertible {
        let id: UniqueID
        var description: String { "there is no job \(id) that was given up" }
    }
}

extension UniqueID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension JobStore.ListedJob {
    var facts: [(String, String)] {
        [
            ("id", "\(id)"), ("kind", kind), ("state", state), ("organization", organization.map { "\($0)" } ?? ""), ("attempts", String(attempts)),
            ("created", "\(createdAt)"), ("run_at", "\(runAt)"), ("problem", problem),
        ].filter { !$0.1.isEmpty }
    }

    var json: JSONValue { .object(facts.map { ($0, .text($1)) }) }
}
