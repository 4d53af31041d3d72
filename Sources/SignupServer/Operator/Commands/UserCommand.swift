import ArgumentParser
import Database
import SiteBuilder
import Tenancy

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Look after users, and say who runs the platform.",
        subcommands: [List.self, Show.self, SignOut.self, ResetFactor.self, Promote.self, Demote.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List users, the newest first.", usage: "SignupServer user list [--search <text>] [options]")
        @Option(help: "Part of an address or a name.") var search = ""
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await options.run { platform in
                for user in try await OperatorActions(platform: platform).users(search: search, limit: 1_000) {
                    if options.json {
                        Swift.print(user.json.string)
                    } else {
                        Swift.print(user.user.email + (user.user.isOperator ? " (operator)" : ""))
                    }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a user, their seats and how many sessions are open.", usage: "SignupServer user show <address> [options]")
        @Argument(help: "The address that the user signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await options.run { platform in
                let user = try await UserCommand.user(email, OperatorActions(platform: platform))
                if options.json { return Swift.print(user.json.string) }
                for (name, value) in user.facts { Swift.print("\(name): \(value)") }
                for seat in user.seats { Swift.print("seat: \(seat.text)") }
            }
        }
    }

    struct SignOut: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-out", abstract: "End all sessions of a user, who can sign in again.",
            usage: "SignupServer user sign-out <address> [options]")
        @Argument(help: "The address that the user signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await options.run { platform in
                let actions = OperatorActions(platform: platform)
                let ended = try await actions.signOut(try await UserCommand.user(email, actions).user.id) ?? 0
                if options.json {
                    Swift.print(JSONValue.object([("ended", .number(ended))]).string)
                } else {
                    Swift.print("sessions ended: \(ended)")
                }
            }
        }
    }

    struct ResetFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-factor", abstract: "Take a user's second factors away.",
            usage: "SignupServer user reset-factor <address> [options]",
            discussion: "For who has lost all of them: make sure first who asks. All sessions end.")
        @Argument(help: "The address that the user signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await options.run { platform in
                let user = try await UserCommand.user(email, OperatorActions(platform: platform)).user.id
                try await platform.database.write { try SecondFactor.removeAll(of: user, $0) }
            }
        }
    }

    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a user run the platform: the console is open to them.", usage: "SignupServer user promote <address> [options]")
        @Argument(help: "The address that the user signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await UserCommand.set(email, true, options) }
    }

    struct Demote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take that back.", usage: "SignupServer user demote <address> [options]")
        @Argument(help: "The address that the user signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await UserCommand.set(email, false, options) }
    }

    private static func set(_ email: String, _ isOperator: Bool, _ options: PlatformOptions) async throws {
        try await options.run { platform in
            let actions = OperatorActions(platform: platform)
            guard try await actions.setOperator(try EmailAddress(email), isOperator) else { throw UnknownUser() }
            if options.json { Swift.print(try await user(email, actions).json.string) }
        }
    }

    private static func user(_ email: String, _ actions: OperatorActions) async throws -> OperatorActions.UserFacts {
        guard let user = try await actions.user(try EmailAddress(email)) else { throw UnknownUser() }
        return user
    }

    private struct UnknownUser: Error, CustomStringConvertible {
        var description: String { "nobody has this address" }
    }
}

extension OperatorActions.UserFacts {
    var facts: [(String, String)] {
        [
            ("email", user.email), ("id", "\(user.id)"), ("name", user.name), ("operator", user.isOperator ? "yes" : "no"),
            ("created", "\(createdAt)"), ("last_seen", lastSeenAt.map { "\($0)" } ?? ""), ("sessions", String(sessions)),
        ].filter { !$0.1.isEmpty }
    }

    var json: JSONValue { .object(facts.map { ($0, .text($1)) } + [("seats", .list(seats.map { .text($0.text) }))]) }
}

extension OperatorActions.UserFacts.Seat {
    /// `maple, owner, until 2027-06-30T07:00:00Z`
    var text: String { "\(slug), \(role.rawValue)\(endsAt.map { ", until \($0)" } ?? "")" }
}
