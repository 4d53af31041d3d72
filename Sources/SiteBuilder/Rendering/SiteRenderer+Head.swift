import Tenancy
import Templating

extension SiteRenderer {
    /// The head of an entry's page.
    func head(_ entry: Site.Entry, _ context: EditionContext, type: String, jsonLD: [JSONValue]) -> TemplateObject {
        let (sourceIndex, isFallback) = site.source(entry, in: context.edition)
        let source = site.sources[sourceIndex]
        var scripts = jsonLD
        let crumbs = breadcrumbs(entry, context)
        if !crumbs.isEmpty {
            let all = crumbs + [(source.title, site.url(entry, in: context.edition))]
            scripts.append(
                .object([
                    ("@context", .text("https://schema.org")), ("@type", .text("BreadcrumbList")),
                    (
                        "itemListElement",
                        .list(
                            all.enumerated().map { index, crumb in
                                .object([
                                    ("@type", .text("ListItem")), ("position", .number(index + 1)), ("name", .text(crumb.title)),
                                    ("item", .text(site.origin + crumb.url)),
                                ])
                            })
                    ),
                ]))
        }
        var image: TemplateValue = .none
        if let picture = leadPicture(source), let file = picture.largest, file.format != .svg {
            image = [
                "url": .text(site.origin + file.url), "width": .text(String(file.width)), "height": .text(String(file.height)),
                "alt": .optional(source.frontMatter.imageAlternative),
            ]
        }
        // A page shown in another language is a copy of the original, which search engines should find instead.
        let original = isFallback ? site.edition(for: site.language(ofSource: sourceIndex)) : nil
        let canonical = site.origin + site.url(entry, in: original ?? context.edition)
        var alternates: [TemplateValue] = []
        if site.editions.count > 1 {
            let translated = site.editions.filter { entry.translations[$0.language.code] != nil }
            if translated.count > 1 {
                alternates = translated.map { ["code": .text($0.language.code), "url": .text(site.origin + site.url(entry, in: $0))] }
                if let first = translated.first { alternates.append(["code": "x-default", "url": .text(site.origin + site.url(entry, in: first))]) }
            }
        }
        return head(
            title: source.title, description: description(source), canonical: canonical, type: type, context, image: image, jsonLD: scripts,
            alternates: alternates, isIndexed: !isFallback)
    }

    /// The head of any page.
    func head(
        title: String, description: String?, canonical: String, type: String = "website", _ context: EditionContext, image: TemplateValue = .none,
        jsonLD: [JSONValue] = [], alternates: [TemplateValue] = [], isIndexed: Bool = true
    ) -> TemplateObject {
        let isHome = canonical == site.origin + context.urls.home
        let fullTitle = isHome ? context.siteName : context.strings("title_on_site", ["title": title, "site": context.siteName])
        var head: TemplateObject = [
            "title": .text(fullTitle), "description": .optional(description), "canonical": .text(canonical), "alternates": .list(alternates),
            "feeds": .list(feedLinks(context)), "og": ["type": .text(type), "title": .text(isHome ? context.siteName : title), "image": image],
            "theme_color": .text(palette.light[.header].hex),
        ]
        if !isIndexed { head["robots"] = "noindex" }
        if !jsonLD.isEmpty {
            head["json_ld"] = .html(jsonLD.map { "<script type=\"application/ld+json\">\($0.string)</script>" }.joined(separator: "\n"))
        }
        return head
    }

    private func feedLinks(_ context: EditionContext) -> [TemplateValue] {
        var feeds: [TemplateValue] = []
        func add(_ type: String, _ title: String, _ url: String?) {
            if let url { feeds.append(["type": .text(type), "title": .text(title), "url": .text(url)]) }
        }
        add("application/atom+xml", context.strings("news_feed"), context.urls.atom)
        add("application/feed+json", context.strings("news_feed"), context.urls.jsonFeed)
        add("text/calendar", context.strings("calendar_feed"), context.urls.ics)
        return feeds
    }

    /// The PTSA as schema.org describes it.
    func organization(_ context: EditionContext, isShort: Bool) -> JSONValue {
        var members: [(String, JSONValue)] = isShort ? [] : [("@context", .text("https://schema.org"))]
        members.append(("@type", .text(site.settings.legal.isNonprofit ? "NGO" : "Organization")))
        members.add("name", context.siteName)
        members.add("url", site.origin + "/")
        guard !isShort else { return .object(members) }
        members.add("legalName", site.settings.legal.name)
        members.add("taxID", site.settings.legal.ein)
        members.add("email", site.settings.contact.email)
        members.add("address", site.settings.contact.address)
        if let logo = site.settings.logo, case .published(let picture) = pictures.picture(logo.path, isLogo: true), let file = picture.largest {
            members.add("logo", site.origin + file.url)
        }
        if !site.settings.social.isEmpty { members.append(("sameAs", .list(site.settings.social.map { .text($0.url) }))) }
        return .object(members)
    }
}
