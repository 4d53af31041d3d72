import Glibc
import Repositories
import SiteBuilder
import Tenancy

/// The pages of an organization's content at one commit, some at a time, read with the generator's own code.
struct PageListing: Sendable {
    let platform: Platform
    /// Of cursors: a program gets one and gives it back as it is.
    let signature: Signature

    struct Place: Sendable, Hashable {
        let commit: CommitID
        /// How many pages stand before.
        let offset: Int
    }

    struct Part: Sendable {
        let commit: CommitID
        let pages: [JSONValue]
        let next: Place?
    }

    init(_ platform: Platform, key: ServerKey) {
        self.platform = platform
        signature = Signature(key, purpose: "api cursor")
    }

    /// Bytes of content that are read for one answer, unless a page alone has more.
    private static let maximumBytes = 4 << 20

    // MARK: Cursors

    /// A cursor is good for one organization and can't be made by anybody else.
    func cursor(_ place: Place, of organization: OrganizationID) -> String {
        signature.sign([organization.description, place.commit.text, String(place.offset)])
    }

    func place(_ cursor: String, of organization: OrganizationID) -> Place? {
        guard let parts = signature.parts(of: cursor), parts.count == 3, parts[0] == organization.description, let commit = CommitID(parts[1]),
            let offset = Int(parts[2]), offset >= 0
        else { return nil }
        return Place(commit: commit, offset: offset)
    }

    // MARK: Reading

    /// - Parameter place: nil to begin with the newest content.
    func part(_ place: Place?, limit: Int, of organization: OrganizationAccess) async throws -> Part {
        let repository = platform.repository(of: organization.id)
        let commit = if let place { place.commit } else { try await repository.head() }
        let all = try await repository.files(at: commit)
        let files = all.filter { TenantLoader.isPage($0.path.text) }
        let offset = min(place?.offset ?? 0, files.count)
        var chosen: [RepositoryFile] = []
        var size = 0
        for file in files[offset...].prefix(limit) {
            size += file.size
            guard chosen.isEmpty || size <= Self.maximumBytes else { break }
            chosen.append(file)
        }
        let wanted = chosen + all.filter { $0.path.text == TenantLoader.settingsFile }
        let contents = try await repository.contents(of: wanted)
        let settings = contents.first { $0.key.text == TenantLoader.settingsFile }.flatMap { TenantLoader.settings(from: $0.value).0 }
        let reader = PageReader(languages: settings?.languages ?? Language.all)
        let pages = chosen.map { file in
            json(reader.read(path: file.path.text, bytes: contents[file.path] ?? []), settings, organization)
        }
        let end = offset + chosen.count
        return Part(commit: commit, pages: pages, next: end < files.count ? Place(commit: commit, offset: end) : nil)
    }

    private func json(_ page: SourcePage, _ settings: Settings?, _ organization: OrganizationAccess) -> JSONValue {
        let zone = settings.flatMap { TimeZoneRules.named($0.timeZone) } ?? .utc
        let frontMatter = page.frontMatter
        let date = page.kind == .event ? frontMatter.start?.local(in: zone) : page.date(in: zone)
        let language = page.language ?? settings?.defaultLanguage ?? .english
        let kind =
            switch page.kind {
            case .home: "home"
            case .page: "page"
            case .news: "news"
            case .event: "event"
            }
        let path = settings.flatMap { page.path(in: $0, zone: zone) }
        let url = path.flatMap { isLive($0, organization.slug) ? platform.addresses.site(organization.slug) + SourcePage.encoded($0) : nil }
        return .object([
            ("path", .text(page.path)), ("kind", .text(kind)), ("title", .text(page.title)), ("language", .text(language.code)),
            ("url", .orNull(url)),
            ("date", .orNull(date?.date.description)), ("draft", .bool(frontMatter.isDraft)),
            ("publish", .orNull(frontMatter.publish?.instant(in: zone).description)),
            ("expire", .orNull(frontMatter.expire?.instant(in: zone).description)),
            (
                "errors",
                .list(
                    page.findings.filter { $0.severity == .error }.map { finding in
                        .object([
                            ("line", .number(finding.line)), ("column", .number(finding.column)),
                            ("detail", .text("\(finding.problem): \(finding.advice)")),
                        ])
                    })
            ),
        ])
    }

    /// The release alone knows: a page that expires or has an error now may still be there.
    private func isLive(_ path: String, _ slug: Slug) -> Bool {
        access("\(platform.settings.output)/\(slug)\(path)index.html", F_OK) == 0
    }
}

extension JSONValue {
    static func orNull(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
}
