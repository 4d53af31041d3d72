import ArgumentParser
import Database
import Foundation
import Glibc
import Logging
import SiteBuilder
import StaticSites
import Tenancy

/// What every command for operators takes: where the platform is.
struct PlatformOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The file with settings. Without it: marquee.yaml, if there is one.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("The folder of the databases.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("Where the sites go.", valueName: "folder"))
    var output: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// Runs a command on the platform, with the databases open. What it refuses is told in a line, and the exit code is 1.
    func run(_ body: (Platform) async throws -> Void) async throws {
        let flags = [("--data", data), ("--output", output)].flatMap { name, value in value.map { [name, $0] } ?? [] }
        do {
            let settings = try ServerSettings.read(
                SettingsSources(arguments: flags, environment: ProcessInfo.processInfo.environment, file: file))
            let platform = try Platform(settings, now: { Instant(seconds: Int64(time(nil))) }, addresses: PlatformAddresses(settings))
            try await body(platform)
            await platform.tenants.close()
            try? await platform.database.close()
        } catch let error as SettingsError {
            SignupServer.complain(error.description)
            throw ExitCode.usage
        } catch let code as ExitCode {
            throw code
        } catch {
            SignupServer.complain("\(error)")
            throw ExitCode.notStarted
        }
    }

    /// What operators do, with mails to the owners: the server sends them when it runs.
    func runActions(_ body: (OperatorActions) async throws -> Void) async throws {
        try await run { platform in
            let mail = try MailQueue(
                platform, queue: platform.jobs, key: ServerKey.load(folder: platform.settings.data, random: platform.random),
                metrics: ServerMetrics(MetricsRecorder(help: [:])))
            try await body(OperatorActions(platform: platform, mail: { _ = try mail.enqueue($0, in: $1) }))
        }
    }

    func print(_ organization: Organization, _ more: [(String, String)] = []) {
        if json { return Swift.print(organization.json(more).string) }
        for (name, value) in organization.facts + more { Swift.print("\(name): \(value)") }
    }
}

extension Organization {
    /// For the operator, in words.
    var facts: [(String, String)] {
        [
            ("name", name), ("slug", slug.text), ("id", "\(id)"), ("status", status.rawValue), ("plan", plan), ("created", "\(createdAt)"),
            ("trial_ends", trialEndsAt.map { "\($0)" } ?? ""), ("ready", readyAt.map { "\($0)" } ?? ""), ("domain", domain ?? ""),
            ("suspended", suspendedAt.map { "\($0)" } ?? ""), ("closed", closedAt.map { "\($0)" } ?? ""),
        ].filter { !$0.1.isEmpty }
    }

    func json(_ more: [(String, String)] = []) -> JSONValue { .object((facts + more).map { ($0, .text($1)) }) }
}

extension Slug: ExpressibleByArgument {
    public init?(argument: String) { try? self.init(argument) }
}

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Look after organizations.",
        subcommands: [List.self, Show.self, Create.self, Extend.self, Suspend.self, Resume.self, Close.self, Reopen.self, RestoreOwner.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List organizations, the newest first.", usage: "SignupServer org list [--search <text>] [--status <status>] [options]")

        @Option(help: "Part of a name, a short name or a member's address.")
        var search = ""
        @Option(help: "trialing, active, frozen, suspended or closed.")
        var status: String?
        @OptionGroup var options: PlatformOptions

        func validate() throws {
            if let status, SubscriptionStatus(rawValue: status) == nil { throw ValidationError("there is no status \(status)") }
        }

        func run() async throws {
            try await options.run { platform in
                let found = try await OperatorActions(platform: platform).list(
                    search: search, status: status.flatMap { SubscriptionStatus(rawValue: $0) })
                for organization in found {
                    if options.json {
                        Swift.print(organization.json().string)
                    } else {
                        let end = organization.trialEndsAt.map { String("\($0)".prefix(10)) } ?? ""
                        let columns: [(String, Int)] = [
                            (organization.slug.text, 28), (organization.status.rawValue, 10), (end, 10), (organization.name, 0),
                        ]
                        let padded = columns.map { text, width in text + String(repeating: " ", count: max(0, width - text.count)) }
                        Swift.print(padded.joined(separator: " "))
                    }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an organization, its size and its members.", usage: "SignupServer org show <slug> [options]")

        @Argument var slug: Slug
        @OptionGroup var options: PlatformOptions

        func run() async throws {
            try await options.run { platform in
                let actions = OperatorActions(platform: platform)
                let organization = try await actions.organization(slug)
                let members = try await actions.members(of: organization.id).map { member in
                    ("member", "\(member.email) (\(member.role.rawValue), \(member.title)\(member.endsAt.map { ", until \($0)" } ?? ""))")
                }
                let release = SiteList.liveRelease(slug.text, in: platform.settings.output).map { [("release", $0)] } ?? []
                let folders = organization.folders(platform)
                let sizes = [("data_bytes", folders.data), ("site_bytes", folders.site)].map { ($0, String(FolderSize(of: $1).bytes)) }
                options.print(organization, release + sizes + members)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an organization with its site, without the form and its mail.",
            usage: """
                SignupServer org create <name> --slug <slug> --school <name>
                         --state <code> --email <address> [options]
                """,
            discussion: "Its owner is welcomed by a mail to --email, and signs in with it.")

        @Argument(help: "The name, such as \"Lincoln Elementary PTSA\".") var name: String
        @Option(help: "The short name in addresses.") var slug: Slug
        @Option(help: "The school's name.") var school: String
        @Option(help: "Two letters, such as WA.") var state: String
        @Option(help: "\(SignUpAnswers.kinds.joined(separator: ", ")).") var kind = "PTSA"
        @Option(help: "The owner's address.") var email: String
        @Option(help: "The owner's office.") var title = "President"
        @OptionGroup var options: PlatformOptions

        func validate() throws {
            if UnitedState(code: state) == nil { throw ValidationError("there is no state \(state): write two letters, such as WA") }
            if !SignUpAnswers.kinds.contains(kind) { throw ValidationError("--kind is one of \(SignUpAnswers.kinds.joined(separator: ", "))") }
            do throws(EmailAddressError) { _ = try EmailAddress(email) } catch { throw ValidationError("--email: \(error)") }
            do throws(SlugError) { _ = try Slug(claiming: slug.text) } catch { throw ValidationError("--slug: \(error)") }
        }

        func run() async throws {
            try await options.runActions { actions in
                let platform = actions.platform
                let answers = SignUpAnswers(
                    organizationName: name, kind: kind, school: school, state: state, email: email, showsEmail: false, slug: slug.text, title: title,
                    language: "en")
                let id = try await SignUp(platform, mail: { _, _ in }).found(answers)
                let logger = Logger(label: "marquee") { _ in SwiftLogNoOpLogHandler() }
                let addresses = platform.addresses
                let publisher = SitePublisher(
                    settings: platform.settings, sources: SiteSources(content: platform.settings.content, platform: platform),
                    metrics: ServerMetrics(MetricsRecorder(help: [:])), logger: logger, now: platform.now, address: { addresses.sites })
                let provisioner = Provisioner(platform: platform, publisher: publisher, logger: logger)
                try await OrganizationJobs(platform: platform, provisioner: provisioner, mail: actions.mail).makeReady(id)
                options.print(try await actions.organization(slug), [("address", "\(addresses.site(slug))/")])
            }
        }
    }

    struct Extend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a trial another end; thaw a frozen one.",
            usage: "SignupServer org extend <slug> (--days <n> | --until <moment>) [options]")

        @Argument var slug: Slug
        @Option(help: "Days from now.") var days: Int?
        @Option(help: "A moment, such as 2027-10-01T07:00:00Z.") var until: String?
        @OptionGroup var options: PlatformOptions

        func validate() throws {
            guard (days == nil) != (until == nil) else { throw ValidationError("write --days or --until") }
            if let until, Instant(until) == nil { throw ValidationError("--until \(until) is no moment: write it as 2027-10-01T07:00:00Z") }
            if let days, !(1...3_660).contains(days) { throw ValidationError("--days is a number from 1 to 3660") }
        }

        func run() async throws {
            try await options.runActions { actions in
                let end = until.flatMap { Instant($0) } ?? actions.platform.now().adding(seconds: Int64(days ?? 0) * 86_400)
                options.print(try await actions.extend(slug, until: end, by: .terminal))
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop all work on an organization; its site stays up.", usage: "SignupServer org suspend <slug> [options]")
        @Argument var slug: Slug
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await options.runActions { options.print(try await $0.suspend(slug, by: .terminal)) } }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a suspension back.", usage: "SignupServer org resume <slug> [options]")
        @Argument var slug: Slug
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await options.runActions { options.print(try await $0.resume(slug, by: .terminal)) } }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an organization.", usage: "SignupServer org close <slug> [options]",
            discussion: "For \(OrganizationLife.daysUntilDeletion) days it can be exported and reopened; then it is deleted.")
        @Argument var slug: Slug
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await options.runActions { options.print(try await $0.close(slug, by: .terminal)) } }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a closing back.", usage: "SignupServer org reopen <slug> [options]")
        @Argument var slug: Slug
        @OptionGroup var options: PlatformOptions

        func run() async throws { try await options.runActions { options.print(try await $0.reopen(slug, by: .terminal)) } }
    }

    struct RestoreOwner: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore-owner", abstract: "Give somebody an owner's seat without an end.",
            usage: "SignupServer org restore-owner <slug> <address> [options]",
            discussion: "For an organization that has lost its owners. All owners are told by mail.")
        @Argument var slug: Slug
        @Argument(help: "The address that the new owner signs in with.") var email: String
        @OptionGroup var options: PlatformOptions

        func validate() throws {
            do throws(EmailAddressError) { _ = try EmailAddress(email) } catch { throw ValidationError("\(error)") }
        }

        func run() async throws {
            try await options.runActions { actions in
                try await actions.restoreOwner(slug, try EmailAddress(email), by: .terminal)
                options.print(try await actions.organization(slug), [("owner", email)])
            }
        }
    }
}

struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Make a code with which PTSAs can sign up.",
        usage: "SignupServer invite [--uses <n>] [--days <n>] [--note <text>] [options]",
        discussion: "It is shown once, and needed where sign_up.mode is invite.")

    @Option(help: "So many can sign up with it.") var uses = 1
    @Option(help: "Days that it is good.") var days = 30
    @Option(help: "For whom, for yourself.") var note = ""
    @OptionGroup var options: PlatformOptions

    func validate() throws {
        if !(1...100_000).contains(uses) { throw ValidationError("--uses is a number from 1 to 100000") }
        if !(1...3_660).contains(days) { throw ValidationError("--days is a number from 1 to 3660") }
    }

    func run() async throws {
        try await options.run { platform in
            let end = platform.now().adding(seconds: Int64(days) * 86_400)
            let code = try await OperatorActions(platform: platform).invite(uses: uses, until: end, note: note)
            let link = "\(platform.addresses.app)/sign-up?code=\(code)"
            if options.json {
                print(JSONValue.object([("code", .text(code)), ("link", .text(link)), ("expires", .text("\(end)"))]).string)
            } else {
                print("\(code)\n\(link)")
            }
        }
    }
}

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look whether all that the platform keeps is sound.",
        usage: "SignupServer doctor [options]",
        discussion: "Reads every database and every repository. Exit code 1 if something is wrong.")

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await options.run { platform in
            let problems = try await Doctor(platform: platform).problems()
            if options.json {
                print(JSONValue.object([("problems", .list(problems.map { .text($0) }))]).string)
            } else {
                print(problems.isEmpty ? "all is well" : problems.joined(separator: "\n"))
            }
            if !problems.isEmpty { throw ExitCode.notStarted }
        }
    }
}
