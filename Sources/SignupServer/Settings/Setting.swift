import Mail

/// One thing that an operator can set. The table is what `SignupServer config` shows and what every source is checked against.
struct Setting: Sendable {
    /// `app_host`, or `limits.body_bytes` for one of a group. In the file: the key, groups as mappings. In the environment:
    /// `MARQUEE_LIMITS_BODY_BYTES`. As a flag: `--limits-body-bytes`.
    let key: String
    /// As an operator would write it; empty if there is none.
    let defaultValue: String
    let meaning: String
    /// Never shown, and never part of a message.
    let isSecret: Bool

    private init(_ key: String, default defaultValue: String = "", isSecret: Bool = false, _ meaning: String) {
        self.key = key
        self.defaultValue = defaultValue
        self.meaning = meaning
        self.isSecret = isSecret
    }

    /// The parts of the key, as swift-configuration takes them.
    var components: [String] { key.split(separator: ".").map(String.init) }

    var variable: String { "MARQUEE_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined() }

    var flag: String { "--" + key.map { $0 == "." || $0 == "_" ? "-" : String($0) }.joined() }

    static let all: [Setting] = [
        Setting("environment", default: "development", "development or production. Production insists on https and on two separate domains"),
        Setting("app_host", default: "localhost", "the host of sign-up, dashboard and API"),
        Setting("sites_domain", default: "sites.localhost", "sites are reached as <name>.<this domain>"),
        Setting("bind_address", default: "127.0.0.1", "the address of this machine to listen on"),
        Setting("port", default: "8080", "the port to listen on; 0 lets the system choose"),
        Setting("public_scheme", default: "http", "http or https, as readers reach the sites: for links"),
        Setting("public_port", "the port in links. Without it: in development the port above, in production the scheme's own"),
        Setting("content", default: "Content", "the folder with one folder per PTSA"),
        Setting("templates", default: "Templates", "the folder with the theme and its strings"),
        Setting("output", default: "output", "where the sites go"),
        Setting("data", default: "data", "the folder of the databases"),
        Setting("sign_up.mode", default: "open", "who may sign up: open, invite (who has a code) or closed (a waiting list)"),
        Setting("sign_up.banned_email_domains", "e-mail domains that can't sign up, and those below them, with commas between"),
        Setting("trial.days", default: "30", "days of every trial, at the least"),
        Setting("trial.summer_from", "with trial.summer_until: the first day of the year, such as 06-01, whose sign-ups have until then"),
        Setting("trial.summer_until", "the day of the year, such as 10-01, with whose beginning the trials of summer end"),
        Setting(
            "mail.transport",
            "where mails go: file (a folder, nobody gets them), smtp or sendmail. Without it: file in development; production needs another"),
        Setting("mail.from", default: "Marquee <no-reply@sites.localhost>", "the sender, such as Marquee <hello@marquee.example>"),
        Setting("mail.smtp_url", "the mail server, such as smtp://mail.example:587 or smtps://mail.example"),
        Setting("mail.smtp_tls", default: "required", "required (with smtp:// by STARTTLS), or none for a mail server on this machine"),
        Setting("mail.smtp_user", "the user at the mail server; empty for none"),
        Setting("mail.smtp_password", isSecret: true, "the user's password"),
        Setting("mail.sendmail", default: SendmailTransport.usual, "the program that takes mails, with its arguments"),
        Setting("mail.outbox", "the folder for the mails of the transport file. Without it: outbox in the data folder"),
        Setting("mail.hourly_per_recipient", default: "10", "mails to one address in an hour; more are dropped"),
        Setting("mail.hourly_per_organization", default: "60", "mails of one PTSA in an hour; more are dropped"),
        Setting("trusted_proxies", "addresses of the proxies in front, such as 127.0.0.1 or 10.0.0.0/8, with commas between"),
        Setting("metrics_token", isSecret: true, "what opens /metrics to other machines, as a bearer token. Without it: this machine only"),
        Setting("log_level", default: "info", "trace, debug, info, notice, warning, error or critical"),
        Setting("log_format", "text or json. Without it: text in development, json in production"),
        Setting("limits.header_bytes", default: "65536", "bytes of all header fields of a request"),
        Setting("limits.body_bytes", default: "262144", "bytes of a request's body"),
        Setting("limits.request_seconds", default: "20", "time for a request's head to arrive, and again for its body"),
        Setting("limits.idle_seconds", default: "30", "time that a connection may be quiet between two requests"),
        Setting("limits.connections", default: "1024", "open connections at once; more are closed"),
        Setting("shutdown_seconds", default: "10", "time for what was accepted to be finished when the server is stopped"),
    ]

    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}
