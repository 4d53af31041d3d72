import Database
import HTTPTypes
import Hummingbird
import NIOCore
import SiteBuilder
import Templating
import Tenancy

/// The audit log for those who answer for an organization: to read, and to take away.
struct AuditRoutes: Sendable {
    let web: Web
    let platform: Platform
    /// What an organization calls its tokens, by id. One that is not among them has none any more.
    var tokenNames: @Sendable (Set<UniqueID>, OrganizationID, Connection) throws -> [UniqueID: String] = { _, _, _ in [:] }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("log") }

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/log", surface: .app, permission: .member([.owner, .officer]), handler: show),
            Route(.get, "/manage/{slug}/log/export", surface: .app, permission: .member([.owner], .owning), handler: export),
        ]
    }

    // MARK: Reading

    private static let pageSize = 50

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let before = request.uri.queryParameters.get("before", as: Int.self) ?? .max
        let found = try await platform.auditLog(of: organization.id).entries(before: before, limit: Self.pageSize + 1)
        let entries = found.prefix(Self.pageSize)
        let strings = web.pages.strings[context.language]
        let (words, zone) = try await platform.database.read { connection in
            (
                try AuditWords(entries, of: organization.id, strings, connection, tokenNames: tokenNames),
                try OrganizationStore.timeZone(of: organization.id, in: connection)
            )
        }
        let path = Self.path(organization.slug)
        let older = found.count > entries.count ? entries.last.map { path.with("before", String($0.number)) } : nil
        return web.pages.response(
            Page(
                "log", title: "log.title", words: ["zone": .string("log.zone", ["zone": zone.identifier])],
                values: [
                    "entries": .list(entries.map { words.value($0, in: zone) }), "is_empty": .bool(entries.isEmpty),
                    "older": .optional(older?.text), "newest": .optional(before == .max ? nil : path.text),
                    "export": .optional(organization.roles.contains(.owner) && !organization.isOperator ? path.appending("export").text : nil),
                ],
                isWide: true), context)
    }

    // MARK: Taking away

    private static let exportType = "application/jsonl; charset=utf-8"
    /// Entries that are in memory at once.
    private static let batchSize = 500

    /// All entries up to this moment, one JSON object a line, the oldest first.
    @Sendable private func export(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let log = platform.auditLog(of: organization.id)
        let last = try await log.entries(limit: 1).first?.number ?? 0
        var headers = HTTPFields()
        headers[.contentType] = Self.exportType
        headers[.contentDisposition] = "attachment; filename=\"\(organization.slug)-log.jsonl\""
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                var written = 0
                while written < last {
                    let entries = try await log.entries(after: written, limit: min(Self.batchSize, last - written))
                    guard let end = entries.last?.number else { break }
                    var lines: [UInt8] = []
                    for entry in entries {
                        entry.exported.write(into: &lines)
                        lines.append(UInt8(ascii: "\n"))
                    }
                    try await writer.write(ByteBuffer(bytes: lines))
                    written = end
                }
                try await writer.finish(nil)
            })
    }
}

/// Entries of the log in words: names come from the database, at the time of reading.
struct AuditWords: Sendable {
    private let strings: UIStrings
    /// Of those who have or had a seat in the organization.
    private let users: [UniqueID: String]
    private let tokens: [UniqueID: String]

    /// - Parameter entries: whose names are wanted.
    init(
        _ entries: some Collection<AuditEntry>, of organization: OrganizationID, _ strings: UIStrings, _ connection: Connection,
        tokenNames: (Set<UniqueID>, OrganizationID, Connection) throws -> [UniqueID: String] = { _, _, _ in [:] }
    ) throws {
        var (users, tokens): ([UniqueID: String], Set<UniqueID>) = ([:], [])
        for actor in Set(entries.map(\.actor)) {
            switch actor {
            case .user(let id):
                let row = try connection.row(
                    """
                    SELECT name, email FROM user
                    WHERE id = :id AND EXISTS (SELECT 1 FROM membership WHERE user_id = :id AND organization_id = :organization)
                    """, ["id": id, "organization": organization])
                if let row { users[id] = try Self.shown(name: row["name"], email: row["email"]) }
            case .token(let id): tokens.insert(id)
            case .platform, .terminal, .operator: break
            }
        }
        self.strings = strings
        self.users = users
        self.tokens = tokens.isEmpty ? [:] : try tokenNames(tokens, organization, connection)
    }

    private static func shown(name: String, email: String) -> String { name.isEmpty ? email : name }

    func value(_ entry: AuditEntry, in zone: TimeZoneRules) -> TemplateValue {
        [
            "who": .text(who(entry.actor)), "what": .text(what(entry)), "more": .optional(more(entry, zone)), "at": .text("\(entry.at)"),
            "when": .text(Self.when(entry.at, in: zone, strings.language)),
        ]
    }

    func who(_ actor: AuditActor) -> String {
        switch actor {
        case .platform: strings("log.platform")
        case .terminal, .operator: strings("log.operator")
        case .user(let id): users[id] ?? strings("log.somebody")
        case .token(let id): tokens[id].map { strings("log.token", ["name": $0]) } ?? strings("log.some_token")
        }
    }

    /// An action of a newer program stands as it is.
    func what(_ entry: AuditEntry) -> String { AuditAction(rawValue: entry.action)?.words.text(strings) ?? entry.action }

    private func more(_ entry: AuditEntry, _ zone: TimeZoneRules) -> String? {
        switch AuditAction(rawValue: entry.action) {
        case .contentChanged: entry.details["summary"]
        case .operatorEntered: entry.details["reason"]
        case .trialExtended: Instant(entry.subject).map { strings("log.until", ["date": Self.when($0, in: zone, strings.language)]) }
        default: nil
        }
    }

    /// `September 10, 2026, 6:30 PM`
    static func when(_ moment: Instant, in zone: TimeZoneRules, _ language: Language) -> String {
        let (words, local) = (DateText.text(for: language), zone.local(moment))
        return "\(words.date.text(local)), \(words.time.text(local))"
    }
}
