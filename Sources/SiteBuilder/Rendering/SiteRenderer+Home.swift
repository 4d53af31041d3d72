import StructuredData
import Tenancy
import Templating

/// The home page, from its sections.
extension SiteRenderer {
    func homeParts(_ entry: Site.Entry, _ edition: Int) -> PageParts {
        let context = contexts[edition]
        let source = site.sourcePage(entry, in: context.edition)
        var page = pageValue(entry, context, place: .body)
        page["image"] = TemplateValue.none
        return homeParts(
            edition, page: page, source: source, head: head(entry, context, type: "website", jsonLD: [organization(context, isShort: false)]),
            languages: languageLinks(entry, context))
    }

    /// A home page for a site without an index.md.
    func homePartsWithoutText(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        let description = site.settings.description?[context.edition.language]
        return homeParts(
            edition, page: ["title": .text(context.siteName), "url": .text(context.urls.home), "description": .optional(description)], source: nil,
            head: head(
                title: context.siteName, description: description, canonical: site.origin + context.urls.home, context,
                jsonLD: [organization(context, isShort: false)]),
            languages: languageLinks(context, url: { PathSegment.encoded(SitePaths(site: site, edition: $0).home) }))
    }

    private func homeParts(
        _ edition: Int, page: TemplateObject, source: SourcePage?, head: TemplateObject, languages: [TemplateValue]
    ) -> PageParts {
        let context = contexts[edition]
        var values = sectionValues(context, source)
        values["page"] = .object(page)
        let stack = [context.common, .object(values)]
        let sections = site.settings.home.map { section -> TemplateValue in
            .html(theme.render("home/\(section.rawValue)", stack))
        }
        var head = head
        if let description = site.settings.description?[context.edition.language], source?.frontMatter.description == nil {
            head["description"] = .text(description)
        }
        return PageParts(
            edition: edition, layout: "layouts/home",
            context: ["page": .object(page), "has_hero": .bool(site.settings.home.contains(.hero)), "sections": .list(sections)], head: head,
            url: context.urls.home, languages: languages)
    }

    private func sectionValues(_ context: EditionContext, _ source: SourcePage?) -> TemplateObject {
        var values: TemplateObject = [:]
        for section in site.settings.home {
            switch section {
            case .hero: values["hero"] = heroValue(context, source)
            case .nextMeeting: values["next_meeting"] = nextMeeting(context)
            case .news:
                let items = site.news.prefix(3).map { newsItem(site.entries[$0], context) }
                values["news"] = ["has_items": .bool(!items.isEmpty), "items": .list(items)]
            case .events:
                guard context.urls.events != nil else { break }
                let items = site.upcoming.prefix(6).map { TemplateValue.object(eventValue(site.entries[$0], context)) }
                values["events"] = ["has_items": .bool(!items.isEmpty), "items": .list(items)]
            case .join: values["join"] = block(site.settings.join, "join", context)
            case .donate: values["donate"] = block(site.settings.donate, "donate", context)
            case .volunteer: values["volunteer"] = block(site.settings.volunteer, "volunteer", context)
            case .board: values["board"] = boardValue(context)
            case .documents:
                let items = newestDocuments(context)
                values["documents"] = ["has_items": .bool(!items.isEmpty), "items": .list(items)]
            case .sponsors:
                let items = context.edition.sponsors.map(sponsorValue)
                values["sponsors"] = ["has_items": .bool(!items.isEmpty), "items": .list(items)]
            case .welcome, .contact: break
            }
        }
        return values
    }

    /// The next event of the category `meeting`.
    private func nextMeeting(_ context: EditionContext) -> TemplateValue {
        let next = site.upcoming.map { site.entries[$0] }.first { entry in
            guard let key = entry.event?.categoryKey, entry.event?.status != .cancelled, entry.event?.status != .postponed else { return false }
            return key == "meeting" || key == "meetings"
        }
        guard let next else { return .none }
        var value = eventValue(next, context)
        value["ics_url"] = .text(PathSegment.encoded(SitePaths(site: site, edition: context.edition).ics(next)))
        return .object(value)
    }

    /// The home page's hero: a page's own `hero` goes before that of site.yaml.
    private func heroValue(_ context: EditionContext, _ source: SourcePage?) -> TemplateValue {
        let hero = source?.frontMatter.hero ?? site.settings.hero
        return heroValue(
            hero, title: source?.title ?? context.siteName, text: source?.frontMatter.description, image: heroImage(hero, context), context)
    }

    /// The hero of a page that isn't the home page: its front matter's, with the page's title, description and picture where that says nothing.
    func heroValue(ofPage source: SourcePage, _ context: EditionContext) -> TemplateValue {
        let hero = source.frontMatter.hero
        let lead = showsLeadPicture(source) ? nil : leadPicture(source)
        let image =
            heroImage(hero, context) ?? lead?.html(alternative: source.frontMatter.imageAlternative ?? "", place: .hero, isLazy: false)
        return heroValue(hero, title: source.title, text: source.frontMatter.description, image: image, context)
    }

    private func heroImage(_ hero: Settings.Hero?, _ context: EditionContext) -> String? {
        guard let image = hero?.image, let path = resolver.picture(image.path, from: "site.yaml"),
            case .published(let picture) = pictures.picture(path)
        else { return nil }
        return picture.html(alternative: image.alternative?[context.edition.language] ?? "", place: .hero, isLazy: false)
    }

    private func heroValue(_ hero: Settings.Hero?, title: String, text: String?, image: String?, _ context: EditionContext) -> TemplateValue {
        let language = context.edition.language
        var value: TemplateObject = ["title": .text(hero?.title?[language] ?? title)]
        value["text"] = .optional(hero?.text?[language] ?? text)
        if let school = site.settings.school.name?[language], school != hero?.title?[language] { value["kicker"] = .text(school) }
        if let image {
            value["image"] = .html(image)
        } else {
            let words = (site.settings.shortName?[language] ?? context.siteName).split(separator: " ").prefix(3).map(String.init)
            value["board"] = .list((words + [site.schoolYear(of: site.now.date).text]).map { .text($0) })
        }
        let buttons = (hero?.buttons ?? []).compactMap { button -> TemplateValue? in
            targetURL(button.target, context).map { ["title": .text(button.title[language]), "url": .text($0)] }
        }
        value["has_buttons"] = .bool(!buttons.isEmpty)
        value["buttons"] = .list(buttons)
        return .object(value)
    }

    func targetURL(_ target: Settings.Target, _ context: EditionContext) -> String? {
        switch target {
        case .page(let path, _, _): return address(path.hasPrefix("/") ? path : "/" + path, from: "site.yaml", context)
        case .url(let url): return localAddress(url, context)
        }
    }

    /// An address of site.yaml; one on the site leads to the reader's own edition where there is such a page.
    func localAddress(_ url: String, _ context: EditionContext) -> String? {
        if url.hasPrefix("/"), !context.edition.prefix.isEmpty, let own = address(context.edition.prefix + url, from: "site.yaml", context) {
            return own
        }
        return address(url, from: "site.yaml", context)
    }

    private func block(_ block: Settings.Block?, _ name: String, _ context: EditionContext) -> TemplateValue {
        guard let block else { return .none }
        let language = context.edition.language
        let strings = context.strings
        let dues = block.dues.map { TemplateValue.object(["name": .text($0.name[language]), "price": .text($0.price)]) }
        let defaultTitle = name == "join" ? strings("join_title", ["name": context.siteName]) : strings("\(name)_title")
        return [
            "title": .text(block.title?[language] ?? defaultTitle), "text": .optional(block.text?[language]),
            "url": .optional(block.url.flatMap { localAddress($0, context) }), "button": .text(block.button?[language] ?? strings("\(name)_button")),
            "note": .optional(block.note?[language]), "has_dues": .bool(!dues.isEmpty), "dues": .list(dues),
            "dues_label": .text(strings("join_dues", ["year": site.schoolYear(of: site.now.date).text])),
        ]
    }
}
