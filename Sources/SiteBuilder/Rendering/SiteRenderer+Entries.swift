import Markdown
import StructuredData
import Tenancy
import Templating

/// Pages, posts and events: one page per entry and language.
extension SiteRenderer {
    func parts(entry index: Int, edition: Int) -> PageParts {
        let entry = site.entries[index]
        switch entry.kind {
        case .news: return newsParts(entry, edition)
        case .event: return eventParts(entry, edition)
        case .home: return homeParts(entry, edition)
        case .page: return pageParts(entry, edition)
        }
    }

    private func pageParts(_ entry: Site.Entry, _ edition: Int) -> PageParts {
        let context = contexts[edition]
        var page = pageValue(entry, context, place: .lead)
        let children = children(of: entry, context)
        if !children.isEmpty {
            page["has_children"] = true
            page["children"] = .list(children)
        }
        let layout = layout(of: entry, context)
        var values: TemplateObject = ["page": .object(page)]
        if layout != theme.pageLayouts.first { values["hero"] = heroValue(ofPage: site.sourcePage(entry, in: context.edition), context) }
        return PageParts(
            edition: edition, layout: "layouts/\(layout)", context: values, head: head(entry, context, type: "website", jsonLD: []),
            url: site.url(entry, in: context.edition), languages: languageLinks(entry, context))
    }

    /// The layout that the page names, else the one that its original names, if there is such a layout.
    private func layout(of entry: Site.Entry, _ context: EditionContext) -> String {
        let named = site.sourcePage(entry, in: context.edition).frontMatter.layout ?? site.sources[entry.original].frontMatter.layout
        return theme.pageLayouts.first { $0 == named } ?? "page"
    }

    private func newsParts(_ entry: Site.Entry, _ edition: Int) -> PageParts {
        let context = contexts[edition]
        let source = site.sourcePage(entry, in: context.edition)
        var page = pageValue(entry, context, place: .lead)
        if let date = entry.date { page["date"] = dateValue(date, context) }
        page["author"] = .optional(source.frontMatter.author)
        var values: TemplateObject = ["page": .object(page)]
        let position = newsPosition(of: entry)
        let newer = position.flatMap { $0 > 0 ? site.entries[site.news[$0 - 1]] : nil }
        let older = position.flatMap { $0 + 1 < site.news.count ? site.entries[site.news[$0 + 1]] : nil }
        values["has_neighbours"] = .bool(newer != nil || older != nil)
        if let newer { values["newer"] = link(newer, context) }
        if let older { values["older"] = link(older, context) }
        var article: [(String, JSONValue)] = [("@context", .text("https://schema.org")), ("@type", .text("NewsArticle"))]
        article.add("headline", source.title)
        article.add("description", description(source))
        if let date = entry.date { article.append(("datePublished", .text(iso(date)))) }
        if let updated = source.frontMatter.updated { article.append(("dateModified", .text(iso(updated.local(in: site.zone))))) }
        article.append(("author", organization(context, isShort: true)))
        article.append(("publisher", organization(context, isShort: true)))
        article.append(("mainEntityOfPage", .text(site.origin + site.url(entry, in: context.edition))))
        if let image = leadPicture(source)?.largest { article.append(("image", .text(site.origin + image.url))) }
        return PageParts(
            edition: edition, layout: "layouts/news-article", context: values,
            head: head(entry, context, type: "article", jsonLD: [.object(article)]),
            url: site.url(entry, in: context.edition), languages: languageLinks(entry, context))
    }

    /// The list is sorted, so the position is found by bisection.
    private func newsPosition(of entry: Site.Entry) -> Int? {
        var low = 0
        var high = site.news.count
        func comesBefore(_ left: Site.Entry, _ right: Site.Entry) -> Bool {
            left.date == right.date ? left.stem < right.stem : (left.date ?? .first) > (right.date ?? .first)
        }
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(site.entries[site.news[middle]], entry) { low = middle + 1 } else { high = middle }
        }
        return low < site.news.count && site.entries[site.news[low]].stem == entry.stem ? low : nil
    }

    private func link(_ entry: Site.Entry, _ context: EditionContext) -> TemplateValue {
        ["url": .text(site.url(entry, in: context.edition)), "title": .text(site.sourcePage(entry, in: context.edition).title)]
    }

    // MARK: What all pages of content share

    func pageValue(_ entry: Site.Entry, _ context: EditionContext, place: PictureStore.Place) -> TemplateObject {
        let (sourceIndex, isFallback) = site.source(entry, in: context.edition)
        let source = site.sources[sourceIndex]
        var page: TemplateObject = [
            "title": .text(source.title), "url": .text(site.url(entry, in: context.edition)),
            "description": .optional(source.frontMatter.description),
            "body": .html(body(sourceIndex, context)),
        ]
        let toc = tableOfContents(source)
        if !toc.isEmpty {
            page["has_toc"] = true
            page["toc"] = .list(toc)
        }
        if let updated = source.frontMatter.updated { page["updated"] = dateValue(updated.local(in: site.zone), context) }
        // A picture that the text itself shows is not shown above it as well.
        if let picture = leadPicture(source), !showsLeadPicture(source) {
            page["image"] = .html(picture.html(alternative: source.frontMatter.imageAlternative ?? "", place: place, isLazy: false))
        }
        let tags = tagLinks(source, context)
        if !tags.isEmpty {
            page["has_tags"] = true
            page["tags"] = .list(tags)
        }
        let breadcrumbs = breadcrumbs(entry, context)
        if !breadcrumbs.isEmpty {
            page["has_breadcrumbs"] = true
            page["breadcrumbs"] = .list(breadcrumbs.map { ["title": .text($0.title), "url": .text($0.url)] })
        }
        addLanguageNotices(entry, sourceIndex, isFallback: isFallback, context, to: &page)
        return page
    }

    private func addLanguageNotices(
        _ entry: Site.Entry, _ sourceIndex: Int, isFallback: Bool, _ context: EditionContext, to page: inout TemplateObject
    ) {
        let language = site.language(ofSource: sourceIndex)
        if isFallback, let original = site.edition(for: language) {
            page["fallback_notice"] = .text(context.strings("fallback_notice"))
            page["fallback_url"] = .text(site.url(entry, in: original))
            page["fallback_code"] = .text(language.code)
            page["fallback_link"] = .text(context.strings("fallback_link", ["language": language.name]))
            page["body_lang"] = .text(language.code)
            page["body_dir"] = .text(language.direction)
        } else if TranslationState.isOutdated(site.sources[sourceIndex], original: site.sources[entry.original], zone: site.zone) {
            let originalLanguage = site.language(ofSource: entry.original)
            guard let original = site.edition(for: originalLanguage) else { return }
            page["outdated_notice"] = .text(context.strings("outdated_notice"))
            page["original_url"] = .text(site.url(entry, in: original))
            page["original_code"] = .text(originalLanguage.code)
            page["original_link"] = .text(context.strings("outdated_link", ["language": originalLanguage.name]))
        }
    }

    func leadPicture(_ source: SourcePage) -> PublishedPicture? {
        guard let image = source.frontMatter.image, let path = resolver.picture(image, from: source.path) else { return nil }
        guard case .published(let picture) = pictures.picture(path) else { return nil }
        return picture
    }

    func showsLeadPicture(_ source: SourcePage) -> Bool {
        guard let lead = source.frontMatter.image.flatMap({ resolver.picture($0, from: source.path) }) else { return false }
        return source.document.references.contains { $0.kind != .link && resolver.picture($0.destination, from: source.path) == lead }
    }

    /// A sentence for lists and search results: the description, else the beginning of the text.
    func description(_ source: SourcePage) -> String {
        if let description = source.frontMatter.description { return description }
        return Excerpt.make(from: source.document.firstParagraph)
    }

    func dateValue(_ moment: CivilDateTime, _ context: EditionContext) -> TemplateValue {
        ["iso": .text(moment.secondOfDay == 0 ? moment.date.description : iso(moment)), "text": .text(context.dates.date.text(moment))]
    }

    private func tagLinks(_ source: SourcePage, _ context: EditionContext) -> [TemplateValue] {
        source.frontMatter.tags.compactMap { name in
            let path = PathSegment.make(name)
            guard !path.isEmpty else { return nil }
            return ["name": .text(name), "url": .text(PathSegment.encoded("\(context.edition.prefix)/tags/\(path)/"))]
        }
    }

    /// Headings of the second and third level, from three on, where the text is long enough to get lost in.
    private func tableOfContents(_ source: SourcePage) -> [TemplateValue] {
        let headings = source.document.headings.filter { $0.level == 2 || $0.level == 3 }
        let isWanted = source.frontMatter.hasTableOfContents ?? (source.kind == .page && source.document.plainText.count > 2500)
        guard isWanted, headings.count >= 3 else { return [] }
        var items: [(title: String, id: String, children: [TemplateValue])] = []
        for heading in headings {
            if heading.level == 3, !items.isEmpty {
                items[items.count - 1].children.append(["title": .text(heading.text), "id": .text(heading.id)])
            } else {
                items.append((heading.text, heading.id, []))
            }
        }
        return items.map {
            ["title": .text($0.title), "id": .text($0.id), "has_children": .bool(!$0.children.isEmpty), "children": .list($0.children)]
        }
    }

    /// From the home page to the parent; empty on pages of the first level.
    func breadcrumbs(_ entry: Site.Entry, _ context: EditionContext) -> [(title: String, url: String)] {
        var crumbs: [(String, String)] = []
        switch entry.kind {
        case .news: if let news = context.urls.news { crumbs.append((context.strings("news"), news)) }
        case .event: if let events = context.urls.events { crumbs.append((context.strings("events"), events)) }
        case .home: return []
        case .page:
            var stem = entry.stem.hasSuffix("/index") ? String(entry.stem.dropLast(6)) : entry.stem
            while let slash = stem.lastIndex(of: "/") {
                stem = String(stem[..<slash])
                guard let parent = site.entryByStem["\(stem)/index"] ?? site.entryByStem[stem] else { continue }
                let above = site.entries[parent]
                crumbs.insert((site.sourcePage(above, in: context.edition).title, site.url(above, in: context.edition)), at: 0)
            }
        }
        return crumbs.isEmpty ? [] : [(context.strings("home"), context.urls.home)] + crumbs
    }

    /// The pages directly below a folder's own page.
    private func children(of entry: Site.Entry, _ context: EditionContext) -> [TemplateValue] {
        guard entry.stem.hasSuffix("/index") else { return [] }
        let folder = entry.stem.dropLast(5)
        return site.pages.map { site.entries[$0] }
            .filter { child in
                guard child.stem.hasPrefix(folder), child.stem != entry.stem else { return false }
                let rest = child.stem.dropFirst(folder.count)
                return !rest.contains("/") || (rest.hasSuffix("/index") && rest.split(separator: "/").count == 2)
            }
            .sorted { left, right in
                let weights = [left, right].map { site.sources[$0.original].frontMatter.weight ?? 1000 }
                return weights[0] == weights[1] ? left.path < right.path : weights[0] < weights[1]
            }
            .map { child in
                let source = site.sourcePage(child, in: context.edition)
                return [
                    "title": .text(source.title), "url": .text(site.url(child, in: context.edition)), "description": .optional(description(source)),
                ]
            }
    }

    // MARK: Languages

    func languageLinks(_ entry: Site.Entry, _ context: EditionContext) -> [TemplateValue] {
        languageLinks(context) {
            site.url(entry, in: $0)
        } isMissing: {
            entry.translations[$0.language.code] == nil
        }
    }

    /// The language switch of a page that every edition has.
    func languageLinks(_ context: EditionContext, url: (Site.Edition) -> String, isMissing: (Site.Edition) -> Bool = { _ in false })
        -> [TemplateValue]
    {
        guard site.editions.count > 1 else { return [] }
        return site.editions.map { edition in
            [
                "code": .text(edition.language.code), "name": .text(edition.language.name), "url": .text(url(edition)),
                "current": .bool(edition.language == context.edition.language), "missing": .bool(isMissing(edition)),
            ]
        }
    }

    // MARK: Text

    /// The text of a page as HTML, every link and picture in place.
    func body(_ sourceIndex: Int, _ context: EditionContext) -> [UInt8] {
        feedBodies.body(sourceIndex, context.edition) { makeBody(sourceIndex, context) }
    }

    private func makeBody(_ sourceIndex: Int, _ context: EditionContext) -> [UInt8] {
        let source = site.sources[sourceIndex]
        let label = context.strings("table").escapedForHTML
        // Links of a text shown as a fallback lead on within the reader's edition.
        var isFirstPicture = source.frontMatter.image == nil
        var html = source.document.html(tableLabel: label) { _, reference in
            let isFirst = isFirstPicture
            if reference.kind != .link { isFirstPicture = false }
            return markup(reference, source, context, isLazy: !isFirst)
        }
        if source.document.hasTables { html = CMarkMarkup.aligningByClass(html) }
        if source.document.hasFootnotes { html = CMarkMarkup.labellingFootnotes(html, back: context.strings("back_to_text")) }
        if source.document.hasRawHTML {
            html = HTMLPolicy(embedText: EmbedText(context.strings).text).clean(fragment: html).html
            html = HTMLAddresses.replace(in: html, attributes: ["src", "href"]) { attribute, value in rawReference(attribute, value, source, context)
            }
        }
        if source.document.hasTasks {
            html = CMarkMarkup.labellingTasks(html, done: context.strings("task_done"), open: context.strings("task_open"))
        }
        return html
    }

    private func markup(
        _ reference: MarkdownDocument.Reference, _ source: SourcePage, _ context: EditionContext, isLazy: Bool
    ) -> MarkdownDocument.Markup {
        switch reference.kind {
        case .link:
            let title = reference.title.isEmpty ? "" : " title=\"\(reference.title.escapedForHTML)\""
            switch resolver.resolve(reference.destination, from: source.path, in: context.edition) {
            case .address(let address): return .init(opening: "<a href=\"\(HrefEscaping.escaped(address))\"\(title)>", closing: "</a>")
            case .picture(let path):
                guard case .published(let picture) = pictures.picture(path), let file = picture.largest else {
                    return .init(opening: "", closing: "")
                }
                return .init(opening: "<a href=\"\(file.url)\"\(title)>", closing: "</a>")
            // The words stay where the link can't.
            case .unpublished, .dead, .unsafe: return .init(opening: "", closing: "")
            }
        case .picture, .figure:
            guard let path = resolver.picture(reference.destination, from: source.path), case .published(let picture) = pictures.picture(path) else {
                return .init(opening: reference.text.escapedForHTML, closing: "")
            }
            let image = picture.html(alternative: reference.text, place: .body, isLazy: isLazy)
            guard reference.kind == .figure else { return .init(opening: image, closing: "") }
            let caption = reference.title.isEmpty ? "" : "<figcaption>\(reference.title.escapedForHTML)</figcaption>"
            return .init(opening: "<figure>\(image)\(caption)</figure>", closing: "")
        }
    }

    /// What stands in `src` and `href` of HTML that the editor wrote; nil leaves the attribute as it is.
    private func rawReference(_ attribute: String, _ value: String, _ source: SourcePage, _ context: EditionContext) -> String? {
        if attribute == "src" {
            if value.hasPrefix("/media/"), value.split(separator: ".").count > 2 { return nil }
            guard let path = resolver.picture(value, from: source.path), case .published(let picture) = pictures.picture(path) else { return nil }
            return picture.largest?.url
        }
        if case .address(let address) = resolver.resolve(value, from: source.path, in: context.edition) { return address }
        return nil
    }
}
