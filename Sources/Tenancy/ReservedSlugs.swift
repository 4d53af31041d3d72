/// Words that no organization can claim as its slug.
///
/// Words that the slug grammar refuses anyway (too short, with dots or underscores) are left out. Add words freely: a word that is
/// already somebody's slug stays theirs, since only `Slug(claiming:)` looks here.
package enum ReservedSlugs {
    package static let words: Set<String> = Set([routes, mailAndDiscovery, impersonation, brand].joined())

    /// First path segments of the app host, present and likely, and names that would look like them.
    private static let routes = [
        "about", "account", "accounts", "admin", "administrator", "api", "app", "apps", "assets", "auth", "blog", "bulk", "cdn", "checkout",
        "confirm", "console", "content", "dashboard", "data", "demo", "deploy", "deploys", "dev", "docs", "domain", "domains", "download",
        "downloads", "edit", "editor", "editing", "events", "explore", "export", "favicon", "feed", "feeds", "files", "forms", "forum", "git",
        "graphql", "groups", "guide", "guides", "health", "healthz", "help", "home", "hooks", "host", "hosts", "image", "images", "import",
        "index", "internal", "invite", "invites", "jobs", "join", "jwt", "live", "local", "localhost", "login", "logout", "manage", "media",
        "members", "metrics", "monitor", "new", "news", "null", "oauth", "oidc", "operator", "org", "organization", "organizations", "orgs",
        "output", "password", "plans", "platform", "preview", "previews", "pricing", "private", "profile", "profiles", "projects", "public",
        "raw", "redirect", "register", "release", "releases", "reset", "robots", "root", "saml", "sandbox", "search", "session", "sessions",
        "settings", "setup", "sign-in", "sign-out", "sign-up", "signin", "signout", "signup", "site", "sitemap", "sites", "snippets", "sso",
        "staging", "starter", "static", "stats", "status", "store", "subscribe", "system", "templates", "tenant", "tenants", "test", "testing",
        "themes", "trial", "undefined", "unsubscribe", "unsubscribes", "upload", "uploads", "user", "users", "verify", "web", "webhook",
        "webhooks", "well-known", "wiki", "wizard", "www", "www1", "www2", "www3",
    ]

    /// Host labels that mail, certificates and network discovery give a meaning to (RFC 2142, RFC 8461, WPAD, Autodiscover).
    private static let mailAndDiscovery = [
        "abuse", "autoconfig", "autodiscover", "bimi", "bounce", "bounces", "broadcasthost", "dkim", "dmarc", "dns", "dns1", "dns2", "email",
        "ftp", "ftps", "hostmaster", "imap", "imaps", "ipv4", "ipv6", "isatap", "ldap", "list", "lists", "listserv", "mail", "mail1", "mail2",
        "mailer", "mailer-daemon", "mailman", "mta-sts", "mx1", "mx2", "nameserver", "newsletter", "newsletters", "noc", "noreply", "no-reply",
        "ns0", "ns1", "ns2", "ns3", "ns4", "ntp", "openpgpkey", "pop", "pop3", "pop3s", "postmaster", "proxy", "relay", "send", "sender", "sftp",
        "sip", "smtp", "smtps", "spf", "ssh", "ssladmin", "ssladministrator", "sslwebmaster", "sysadmin", "telnet", "time", "usenet", "uucp",
        "vpn", "webmail", "webmaster", "wpad",
    ]

    /// Names that a stranger could use to speak as the platform, a district or an association.
    private static let impersonation = [
        "accounting", "board", "billing", "contact", "council", "district", "districts", "donate", "everyone", "finance", "info", "invoice",
        "invoices", "legal", "mod", "moderator", "moderators", "national", "national-pta", "nobody", "official", "owner", "pay", "payment",
        "payments", "principal", "privacy", "pta", "ptas", "pto", "ptsa", "ptsas", "sales", "school", "schools", "secure", "security", "staff",
        "state-pta", "superintendent", "superuser", "support", "team", "terms", "treasurer", "trust", "verification", "verified",
    ]

    /// The platform's own name, and products that pages could pretend to be.
    private static let brand = [
        "apple", "facebook", "github", "givebacks", "google", "instagram", "marquee", "marquee-help", "marquee-support", "membershiptoolkit",
        "microsoft", "parentsquare", "paypal", "stripe", "venmo", "zelle",
    ]
}
