import HTTPServing
import Logging
import Mail
import NIOCore
import Tenancy

/// All that an operator decides, read once when the server starts.
struct ServerSettings: Sendable {
    enum Environment: String, CaseIterable, Sendable {
        case development, production
    }

    enum LogFormat: String, CaseIterable, Sendable {
        case text, json
    }

    var environment: Environment
    var appHost: Hostname
    var sitesDomain: Hostname
    var bindAddress: String
    /// 0 lets the system choose.
    var port: Int
    var publicScheme: String
    /// Nil to leave it to the environment, see `linkPort`.
    var publicPort: Int?
    var content: String
    var templates: String
    var output: String
    var data: String
    var signUpMode: SignUp.Mode
    var bannedEmailDomains: [Hostname]
    var trial: TrialRule
    var mail: MailSettings
    var trustedProxies: [NetworkRange]
    var metricsToken: Secret?
    var logLevel: Logger.Level
    var logFormat: LogFormat
    var limits: ConnectionLimits
    /// Seconds.
    var shutdownGrace: Int

    /// The port in links; nil for the scheme's own.
    /// - Parameter port: the one that is listened on.
    func linkPort(listeningOn port: Int) -> Int? {
        let port = publicPort ?? (environment == .development ? port : nil)
        return port == (publicScheme == "https" ? 443 : 80) ? nil : port
    }

    /// Reads all values, and tells all that is wrong with them.
    static func read(_ sources: SettingsSources) throws(SettingsError) -> ServerSettings {
        var reader = ValueReader(values: sources.values(), problems: sources.problems)
        let environment = reader.choice("environment", Environment.self) ?? .development
        let limits = reader.limits()
        let settings = ServerSettings(
            environment: environment,
            appHost: reader.host("app_host") ?? .localSitesDomain,
            sitesDomain: reader.host("sites_domain") ?? .localSitesDomain,
            bindAddress: reader.address("bind_address"),
            port: reader.number("port", in: 0...65_535),
            publicScheme: reader.choice("public_scheme", Scheme.self)?.rawValue ?? "http",
            publicPort: reader.optionalNumber("public_port", in: 1...65_535),
            content: reader.path("content"), templates: reader.path("templates"), output: reader.path("output"), data: reader.path("data"),
            signUpMode: reader.choice("sign_up.mode", SignUp.Mode.self) ?? .closed,
            bannedEmailDomains: reader.hosts("sign_up.banned_email_domains"),
            trial: reader.trial(),
            mail: reader.mail(environment),
            trustedProxies: reader.ranges("trusted_proxies"),
            metricsToken: reader.token("metrics_token"),
            logLevel: reader.choice("log_level", Logger.Level.self) ?? .info,
            logFormat: reader.optionalChoice("log_format", LogFormat.self) ?? (environment == .production ? .json : .text),
            limits: limits,
            shutdownGrace: reader.number("shutdown_seconds", in: 0...3600))
        if environment == .production { reader.checkProduction(settings) }
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return settings
    }

    private enum Scheme: String, CaseIterable {
        case http, https
    }
}

/// Turns texts into values. What can't be is noted, and stands as something harmless until all has been read.
private struct ValueReader {
    let values: [String: SettingsSources.Value]
    var problems: [SettingsProblem]

    private func text(_ key: String) -> String { values[key]?.text ?? "" }

    private mutating func wrong(_ key: String, _ advice: String, isShown: Bool = true) {
        let place = values[key].map { $0.place == "default" || $0.place.hasSuffix(": \(key)") ? ($0.place == "default" ? key : $0.place) : $0.place }
        let value = isShown && Setting.named(key)?.isSecret != true ? text(key) : nil
        problems.append(SettingsProblem(place: place ?? key, value: value, advice: advice))
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice? where Choice.RawValue == String {
        if let choice = Choice(rawValue: text(key)) { return choice }
        wrong(key, "write " + Choice.allCases.map(\.rawValue).joined(separator: ", ").replacingLastComma())
        return nil
    }

    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        text(key).isEmpty ? nil : choice(key, type)
    }

    mutating func host(_ key: String) -> Hostname? {
        do throws(HostnameError) {
            let host = try Hostname(text(key))
            guard !host.isAddress else {
                wrong(key, "write a name such as sites.example, not an address")
                return nil
            }
            return host
        } catch {
            wrong(key, "\(error)")
            return nil
        }
    }

    mutating func address(_ key: String) -> String {
        if NetworkAddress(text(key)) == nil { wrong(key, "write an IP address of this machine, such as 127.0.0.1, or 0.0.0.0 for all") }
        return text(key)
    }

    mutating func number(_ key: String, in range: ClosedRange<Int>) -> Int {
        if let number = Int(text(key)), range.contains(number) { return number }
        wrong(key, "write a number from \(range.lowerBound) to \(range.upperBound)")
        return range.lowerBound
    }

    mutating func optionalNumber(_ key: String, in range: ClosedRange<Int>) -> Int? {
        text(key).isEmpty ? nil : number(key, in: range)
    }

    mutating func path(_ key: String) -> String {
        if text(key).isEmpty || text(key).utf8.contains(0) { wrong(key, "write the path of a folder") }
        return text(key)
    }

    mutating func hosts(_ key: String) -> [Hostname] {
        let names = text(key).split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        return names.compactMap { name in
            if let host = try? Hostname(name) { return host }
            wrong(key, "`\(name)` is no domain: write for example mail.example, with commas between")
            return nil
        }
    }

    mutating func trial() -> TrialRule {
        var rule = TrialRule(days: number("trial.days", in: 1...366))
        let keys = ["trial.summer_from", "trial.summer_until"]
        guard keys.contains(where: { !text($0).isEmpty }) else { return rule }
        for key in keys where MonthDay(text(key)) == nil { wrong(key, "write a month and a day, such as 06-01; both or none of the two are needed") }
        if let from = MonthDay(text(keys[0])), let until = MonthDay(text(keys[1])) {
            if (until.month, until.day) <= (from.month, from.day) { wrong(keys[1], "it must come after \(keys[0]) in the year") }
            rule.summer = (from, until)
        }
        return rule
    }

    mutating func mail(_ environment: ServerSettings.Environment) -> MailSettings {
        let transport = optionalChoice("mail.transport", MailSettings.Transport.self) ?? .file
        if environment == .production, transport == .file {
            wrong("mail.transport", "production needs mails that arrive: write smtp or sendmail")
        }
        if Mailbox(text("mail.from")) == nil { wrong("mail.from", "write an address, or a name and an address: Marquee <hello@marquee.example>") }
        let isOurs = values["mail.from"]?.place == "default"
        if environment == .production, isOurs { wrong("mail.from", "production needs an address that people can answer to") }
        let server = SMTPServer(text("mail.smtp_url"))
        if server == nil, transport == .smtp || !text("mail.smtp_url").isEmpty {
            // Somebody may have written a password into it.
            let advice = "write for example smtp://mail.example:587 or smtps://mail.example; user and password have settings of their own"
            wrong("mail.smtp_url", advice, isShown: false)
        }
        let encryption = choice("mail.smtp_tls", SMTPTransport.Encryption.self) ?? .required
        let (user, password) = (text("mail.smtp_user"), text("mail.smtp_password"))
        if user.isEmpty != password.isEmpty {
            wrong(user.isEmpty ? "mail.smtp_password" : "mail.smtp_user", "user and password are needed both, or none of them")
        }
        if encryption == .none, !user.isEmpty, server?.isEncrypted == false {
            wrong("mail.smtp_tls", "a password must not be sent without encryption: write required, or leave user and password out")
        }
        if SendmailTransport(command: text("mail.sendmail")) == nil { wrong("mail.sendmail", "write an absolute path: \(SendmailTransport.usual)") }
        if text("mail.outbox").utf8.contains(0) { wrong("mail.outbox", "write the path of a folder") }
        return MailSettings(
            transport: transport, from: Mailbox(text("mail.from")) ?? .local, server: server, user: user,
            password: password.isEmpty ? nil : Secret(password), encryption: encryption, sendmail: text("mail.sendmail"),
            outbox: text("mail.outbox").isEmpty ? "\(text("data"))/outbox" : text("mail.outbox"),
            hourlyPerRecipient: number("mail.hourly_per_recipient", in: 1...1_000_000),
            hourlyPerOrganization: number("mail.hourly_per_organization", in: 1...1_000_000))
    }

    mutating func ranges(_ key: String) -> [NetworkRange] {
        let parts = text(key).split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        return parts.compactMap { part in
            let text = String(part.prefix { !$0.isWhitespace })
            if let range = NetworkRange(text) { return range }
            wrong(key, "`\(text)` is no address: write for example 127.0.0.1, 10.0.0.0/8 or fd00::/8, with commas between")
            return nil
        }
    }

    mutating func token(_ key: String) -> Secret? {
        let token = text(key)
        guard !token.isEmpty else { return nil }
        if token.utf8.count < 16 || !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            wrong(key, "write at least 16 characters, only ASCII and no spaces: openssl rand -hex 32 makes one")
        }
        return Secret(token)
    }

    mutating func limits() -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.headers = number("limits.header_bytes", in: 1_024...1_048_576)
        limits.line = min(limits.line, limits.headers)
        limits.body = number("limits.body_bytes", in: 1_024...67_108_864)
        limits.request = .seconds(Int64(number("limits.request_seconds", in: 1...3600)))
        limits.idle = .seconds(Int64(number("limits.idle_seconds", in: 1...3600)))
        limits.connections = number("limits.connections", in: 1...1_000_000)
        return limits
    }

    /// Every tenant's page could set cookies for the platform if both were one site to browsers. Without a list of public suffixes, the
    /// rule is coarser than it must be, and safe: neither name may be below the other, and their last two labels must differ.
    mutating func checkProduction(_ settings: ServerSettings) {
        let (app, sites) = (settings.appHost, settings.sitesDomain)
        if settings.publicScheme != "https" { wrong("public_scheme", "production needs https") }
        for (key, host) in [("app_host", app), ("sites_domain", sites)] where !host.text.contains(".") || host.text.hasSuffix(".localhost") {
            wrong(key, "production needs a domain that is registered")
        }
        let ends = [app, sites].map { $0.text.split(separator: ".").suffix(2) }
        if app == sites || ends[0] == ends[1] || app.labels(below: sites) != nil || sites.labels(below: app) != nil {
            wrong(
                "sites_domain",
                "it must be on another registered domain than app_host (\(app)), because a school's page could set cookies for the platform otherwise"
            )
        }
    }
}

extension String {
    /// `a, b, c` as `a, b or c`.
    fileprivate func replacingLastComma() -> String {
        let parts = split(separator: ", ")
        return parts.count < 2 ? self : parts.dropLast().joined(separator: ", ") + " or " + (parts.last ?? "")
    }
}
