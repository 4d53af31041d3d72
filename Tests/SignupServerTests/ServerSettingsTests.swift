import Foundation
import HTTPServing
import Mail
import Logging
import NIOCore
import Tenancy
import Testing

@testable import SignupServer

@Suite("Settings")
struct ServerSettingsTests {
    private static func read(
        _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) throws -> ServerSettings {
        try ServerSettings.read(sources(arguments, environment: environment, file: file))
    }

    private static func sources(_ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil) throws -> SettingsSources {
        guard let file else { return SettingsSources(arguments: arguments, environment: environment, file: nil) }
        let path = NSTemporaryDirectory() + "marquee-\(UUID().uuidString).yaml"
        try Data(file.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return SettingsSources(arguments: arguments, environment: environment, file: path)
    }

    private static func problems(_ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil) -> [String] {
        do {
            _ = try read(arguments, environment: environment, file: file)
            return []
        } catch let error as SettingsError {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test("without any, the server is for trying things out on one machine")
    func defaults() throws {
        let settings = try Self.read()
        #expect(settings.environment == .development)
        #expect(settings.appHost.text == "localhost")
        #expect(settings.sitesDomain.text == "sites.localhost")
        #expect(settings.bindAddress == "127.0.0.1")
        #expect(settings.port == 8080)
        #expect(settings.linkPort(listeningOn: 8080) == 8080)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .text)
        #expect(settings.trustedProxies.isEmpty)
        #expect(settings.metricsToken == nil)
        #expect(settings.shutdownGrace == 10)
    }

    @Test("flags go before the environment, the environment before the file, the file before defaults")
    func precedence() throws {
        let file = "port: 1001\nlog_level: debug\nshutdown_seconds: 3\nlimits:\n  body_bytes: 2000\ntrusted_proxies: [127.0.0.1, 10.0.0.0/8]\n"
        let environment = ["MARQUEE_PORT": "1002", "MARQUEE_LOG_LEVEL": "error", "MARQUEE_LIMITS_BODY_BYTES": "3000", "HOME": "x"]
        let settings = try Self.read(["--port", "1003", "--limits-idle-seconds=7"], environment: environment, file: file)
        #expect(settings.port == 1003)
        #expect(settings.logLevel == .error)
        #expect(settings.shutdownGrace == 3)
        #expect(settings.limits.body == 3000)
        #expect(settings.limits.idle == .seconds(7))
        #expect(settings.trustedProxies == ["127.0.0.1", "10.0.0.0/8"].compactMap { NetworkRange($0) })
    }

    @Test("the listing tells where each value came from")
    func places() throws {
        let sources = try Self.sources(["--port", "1003"], environment: ["MARQUEE_LOG_LEVEL": "error"], file: "# mine\nshutdown_seconds: 3\n")
        let values = sources.values()
        #expect(values["port"] == SettingsSources.Value(text: "1003", place: "--port"))
        #expect(values["log_level"] == SettingsSources.Value(text: "error", place: "MARQUEE_LOG_LEVEL"))
        #expect(values["shutdown_seconds"]?.place.hasSuffix(".yaml:2: shutdown_seconds") == true)
        #expect(values["app_host"] == SettingsSources.Value(text: "localhost", place: "default"))
        let listing = ConfigCommand.listing(values)
        for setting in Setting.all {
            #expect(listing.contains("\n\(setting.key) = ") || listing.hasPrefix("\(setting.key) = "))
            #expect(listing.contains("    \(setting.meaning)\n"))
        }
    }

    @Test("a JSON file is read as well")
    func json() throws {
        #expect(try Self.read(file: #"{"port": 1001, "limits": {"connections": 5}}"#).limits.connections == 5)
    }

    @Test("a secret is never shown, right or wrong")
    func secrets() throws {
        let secret = "s3cret s3cret s3cret"
        let wrong = Self.problems(["--metrics-token", secret])
        #expect(wrong.count == 1)
        #expect(wrong.first?.contains("s3cret") == false)
        let good = String(repeating: "s3cret", count: 5)
        let settings = try Self.read(environment: ["MARQUEE_METRICS_TOKEN": good])
        #expect(settings.metricsToken?.isSame(as: good) == true)
        #expect(settings.metricsToken?.isSame(as: good + "x") == false)
        #expect(!"\(settings)".contains("s3cret") && !String(reflecting: settings).contains("s3cret"))
        let listing = ConfigCommand.listing(try Self.sources(environment: ["MARQUEE_METRICS_TOKEN": good]).values())
        #expect(listing.contains("metrics_token = (secret)"))
        #expect(!listing.contains("s3cret"))
    }

    private static let wrong = [
        ("environment", "prod", "`prod`: write development or production"),
        ("app_host", "", "host name is missing"),
        ("app_host", "exa mple", "letters, digits, hyphens and dots"),
        ("app_host", "192.0.2.1", "write a name"),
        ("sites_domain", "a..b", "empty part"),
        ("bind_address", "localhost", "write an IP address"),
        ("bind_address", "1.2.3", "write an IP address"),
        ("port", "http", "a number from 0 to 65535"),
        ("port", "65536", "a number from 0 to 65535"),
        ("port", "-1", "a number from 0 to 65535"),
        ("port", "", "a number from 0 to 65535"),
        ("public_scheme", "ftp", "write http or https"),
        ("public_port", "0", "a number from 1 to 65535"),
        ("content", "", "path of a folder"),
        ("templates", "", "path of a folder"),
        ("output", "", "path of a folder"),
        ("data", "", "path of a folder"),
        ("trusted_proxies", "10.0.0.0/33", "`10.0.0.0/33` is no address"),
        ("trusted_proxies", "127.0.0.1, caddy", "`caddy` is no address"),
        ("metrics_token", "short", "at least 16 characters"),
        ("log_level", "loud", "trace, debug, info, notice, warning, error or critical"),
        ("log_format", "xml", "write text or json"),
        ("limits.header_bytes", "10", "a number from 1024 to 1048576"),
        ("limits.body_bytes", "lots", "a number from 1024 to 67108864"),
        ("limits.request_seconds", "0", "a number from 1 to 3600"),
        ("limits.idle_seconds", "99999", "a number from 1 to 3600"),
        ("limits.connections", "0", "a number from 1 to 1000000"),
        ("sign_up.mode", "half", "write open, invite or closed"),
        ("sign_up.banned_email_domains", "a.example, b_c", "`b_c` is no domain"),
        ("trial.days", "0", "a number from 1 to 366"),
        ("trial.summer_from", "June", "write a month and a day"),
        ("trial.summer_until", "31-12", "write a month and a day"),
        ("mail.transport", "post", "write file, smtp or sendmail"),
        ("mail.from", "Marquee <hello>", "an address, or a name and an address"),
        ("mail.smtp_url", "mail.example", "smtp://mail.example:587"),
        ("mail.smtp_tls", "maybe", "write required or none"),
        ("mail.smtp_user", "marquee", "user and password are needed both"),
        ("mail.smtp_password", "s3cret", "user and password are needed both"),
        ("mail.sendmail", "sendmail -t", "write an absolute path"),
        ("mail.outbox", "a\u{0}b", "path of a folder"),
        ("mail.hourly_per_recipient", "0", "a number from 1 to 1000000"),
        ("mail.hourly_per_organization", "many", "a number from 1 to 1000000"),
        ("shutdown_seconds", "-5", "a number from 0 to 3600"),
    ]

    @Test("a wrong value is told with its name, and what is right", arguments: wrong)
    func wrongValues(key: String, value: String, advice: String) throws {
        let setting = try #require(Setting.named(key))
        let problems = Self.problems(environment: [setting.variable: value])
        #expect(problems.first { $0.hasPrefix(setting.variable) }?.contains(advice) == true, "\(problems)")
        // Of two settings that need each other, the other is named too.
        #expect(problems.count == (key.hasPrefix("trial.summer") ? 2 : 1))
    }

    @Test("every setting has a wrong value in the table above")
    func everySettingIsTested() {
        #expect(Set(Setting.all.map(\.key)) == Set(Self.wrong.map(\.0)))
        #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.flag)).count == Setting.all.count)
    }

    @Test("all problems are told at once")
    func allAtOnce() {
        let problems = Self.problems(
            ["--port", "x", "--prot", "80"], environment: ["MARQUEE_LOG_LEVEL": "loud", "MARQUEE_LOGLEVEL": "info"], file: "datas: x\n")
        #expect(problems.count == 5)
    }

    @Test(
        "what names no setting is an error that says what was meant",
        arguments: [
            (["--prot", "80"], [:], nil, "--prot: there is no such setting: did you mean --port?"),
            (["port", "80"], [:], nil, "flags begin with --"),
            (["--port"], [:], nil, "--port: write a value after it"),
            ([], ["MARQUEE_PROT": "80"], nil, "MARQUEE_PROT: there is no such setting: did you mean MARQUEE_PORT?"),
            ([], ["MARQUEE_COLOUR": "red"], nil, "MARQUEE_COLOUR: there is no such setting: SignupServer config lists them all"),
            ([], [:], "prt: 80\n", ":1: prt: there is no such setting: did you mean port?"),
            ([], [:], "limits:\n  body: 80\n", ":2: limits.body: there is no such setting"),
            ([], [:], "limits: 80\n", ":1: limits: write its settings below it"),
            ([], [:], "port: {a: b}\n", ":1: port: write one value"),
            ([], [:], "- port\n", "write one setting a line"),
            ([], [:], "port: [\n", ".yaml:"),
        ] as [([String], [String: String], String?, String)])
    func unknown(arguments: [String], environment: [String: String], file: String?, problem: String) {
        let problems = Self.problems(arguments, environment: environment, file: file)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test("a file that is named must be there")
    func missingFile() {
        let problems = SettingsSources(arguments: [], environment: ["MARQUEE_CONFIG": "/nowhere/marquee.yaml"], file: nil).problems
        #expect(problems.map(\.description).contains { $0.contains("/nowhere/marquee.yaml: the file can't be read") })
    }

    @Test(
        "production takes two domains that no browser sees as one site, and https",
        arguments: [
            ("app.marquee.example", "ptsa.example.org", "https", nil),
            ("marquee.example", "ourptsa.site", "https", nil),
            ("marquee.example", "sites.marquee.example", "https", "another registered domain"),
            ("app.marquee.example", "marquee.example", "https", "another registered domain"),
            ("app.marquee.example", "sites.marquee.example", "https", "another registered domain"),
            ("marquee.example", "marquee.example", "https", "another registered domain"),
            ("localhost", "ourptsa.site", "https", "a domain that is registered"),
            ("marquee.example", "sites.localhost", "https", "a domain that is registered"),
            ("marquee.example", "ourptsa.site", "http", "production needs https"),
        ])
    func production(app: String, sites: String, scheme: String, problem: String?) {
        let problems = Self.problems(
            [
                "--environment", "production", "--app-host", app, "--sites-domain", sites, "--public-scheme", scheme, "--mail-transport", "sendmail",
                "--mail-from", "hello@marquee.example",
            ])
        if let problem { #expect(problems.contains { $0.contains(problem) }, "\(problems)") } else { #expect(problems.isEmpty) }
    }

    private static let overSMTP = ["--mail-transport", "smtp", "--mail-smtp-url", "smtp://mail.example"]

    @Test(
        "mails: production really sends them, and a password goes only over an encrypted connection",
        arguments: [
            ([], nil), (overSMTP, nil), (["--mail-transport", "sendmail"], nil),
            (["--mail-transport", "post"], "--mail-transport is `post`: write file, smtp or sendmail"),
            (["--mail-transport", "smtp"], "write for example smtp://mail.example:587"),
            (["--mail-smtp-url", "http://mail.example"], "write for example smtp://mail.example:587"),
            (["--mail-smtp-url", "smtp://pat:s3cret@mail.example"], "user and password have settings of their own"),
            (["--mail-from", "Marquee"], "write an address, or a name and an address"),
            (["--mail-sendmail", "sendmail -t"], "write an absolute path: /usr/sbin/sendmail -t -i"),
            (overSMTP + ["--mail-smtp-user", "marquee"], "user and password are needed both"),
            (overSMTP + ["--mail-smtp-password", "s3cret"], "user and password are needed both"),
            (overSMTP + ["--mail-smtp-user", "marquee", "--mail-smtp-password", "s3cret"], nil),
            (overSMTP + ["--mail-smtp-user", "marquee", "--mail-smtp-password", "s3cret", "--mail-smtp-tls", "none"], "without encryption"),
            (overSMTP + ["--mail-smtp-tls", "none"], nil), (overSMTP + ["--mail-smtp-tls", "maybe"], "write required or none"),
            (["--mail-hourly-per-recipient", "0"], "write a number from 1"),
            (["--environment", "production"], "production needs mails that arrive"),
            (["--environment", "production", "--mail-transport", "sendmail"], "an address that people can answer to"),
        ] as [([String], String?)])
    func mail(arguments: [String], problem: String?) {
        let problems = Self.problems(arguments)
        if let problem { #expect(problems.contains { $0.contains(problem) }, "\(problems)") } else { #expect(problems.isEmpty, "\(problems)") }
        #expect(!problems.joined().contains("s3cret"))
    }

    @Test("the outbox is in the data folder, if nobody says otherwise")
    func outbox() throws {
        #expect(try Self.read(["--data", "there"]).mail.outbox == "there/outbox")
        #expect(try Self.read(["--mail-outbox", "elsewhere"]).mail.outbox == "elsewhere")
        #expect(try Self.read(Self.overSMTP).mail.server?.port == 587)
    }

    @Test("links have the port that readers see")
    func linkPorts() throws {
        let production = [
            "--environment", "production", "--app-host", "a.example", "--sites-domain", "b.org", "--public-scheme", "https", "--mail-transport",
            "sendmail", "--mail-from", "hello@marquee.example",
        ]
        #expect(try Self.read(production).linkPort(listeningOn: 8080) == nil)
        #expect(try Self.read(production + ["--public-port", "8443"]).linkPort(listeningOn: 8080) == 8443)
        #expect(try Self.read(production).logFormat == .json)
        #expect(try Self.read().linkPort(listeningOn: 49152) == 49152)
        #expect(try Self.read().linkPort(listeningOn: 80) == nil)
        #expect(try Self.read(["--public-port", "80"]).linkPort(listeningOn: 8080) == nil)
    }
}
