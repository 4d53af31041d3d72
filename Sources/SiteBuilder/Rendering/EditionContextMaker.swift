import Tenancy
import Templating

/// Prepares what all pages of an edition share.
struct EditionContextMaker {
    let site: Site
    let theme: Theme
    let strings: StringTable
    let assets: SiteAssets
    let resolver: LinkResolver
    let pictures: PictureStore

    func contexts() -> [EditionContext] {
        site.editions.map(context)
    }

    private func context(_ edition: Site.Edition) -> EditionContext {
        let strings = strings[edition.language]
        let urls = SitePaths(site: site, edition: edition).urls(origin: site.origin)
        let name = site.settings.name[edition.language]
        let navigation = navigation(edition, urls, strings)
        let common = common(edition, urls, strings, name: name, navigation: navigation)
        let footer = theme.render("footer", [common])
        return EditionContext(
            edition: edition, strings: strings, dates: DateText.text(for: edition.language), common: common, commonDigest: Fingerprint(of: common),
            footer: footer, footerDigest: Fingerprint(of: footer), navigation: navigation, urls: urls, siteName: name)
    }

    private func common(
        _ edition: Site.Edition, _ urls: SiteURLs, _ strings: UIStrings, name: String, navigation: [NavigationLink]
    ) -> TemplateValue {
        let settings = site.settings
        let language = edition.language
        let social = settings.social.map { link -> TemplateValue in
            ["name": .text(link.network), "label": .text(Self.networkName(link.network)), "url": .text(link.url)]
        }
        var siteValue: TemplateObject = [
            "name": .text(name), "short_name": .optional(settings.shortName?[language]), "tagline": .optional(settings.tagline?[language]),
            "url": .text(site.origin), "home_url": .text(urls.home), "initial": .text(SiteInitials.initials(of: name)), "social": .list(social),
            "contact": ["email": .optional(settings.contact.email), "address": .optional(settings.contact.address)],
            "legal": ["name": .optional(settings.legal.name), "ein": .optional(settings.legal.ein), "nonprofit": .bool(settings.legal.isNonprofit)],
            "school": [
                "name": .optional(settings.school.name?[language]), "address": .optional(settings.school.address),
                "mascot": .optional(settings.school.mascot?[language]),
            ],
            "unit": [
                "kind": .optional(settings.unit.kind), "number": .optional(settings.unit.number), "state": .optional(settings.unit.state),
                "council": .optional(settings.unit.council), "district": .optional(settings.unit.district),
            ],
            "membership_year": .text(site.schoolYear(of: site.now.date).text),
        ]
        if let logo = settings.logo, case .published(let picture) = pictures.picture(logo.path, isLogo: true) {
            siteValue["logo"] = .html(picture.html(alternative: "", place: .logo, isLazy: false))
        }
        let theme = settings.theme
        return [
            "site": .object(siteValue),
            "language": ["code": .text(language.code), "dir": .text(language.direction), "name": .text(language.name)],
            "t": strings.templateValue,
            "theme": ["header": .text(theme.header), "fonts": .text(theme.fonts), "corners": .text(theme.corners), "density": .text(theme.density)],
            "urls": urls.templateValue,
            "assets": assets.templateValue,
            "footer": footerValue(edition, urls, strings, name: name, navigation: navigation, hasSocial: !social.isEmpty),
        ]
    }

    private func footerValue(
        _ edition: Site.Edition, _ urls: SiteURLs, _ strings: UIStrings, name: String, navigation: [NavigationLink], hasSocial: Bool
    ) -> TemplateValue {
        let settings = site.settings
        let legalName = settings.legal.name ?? name
        let links = navigation.flatMap { link in link.url == nil ? link.children : [link] }.prefix(8)
        var value: TemplateObject = [
            "links": .list(links.map { ["title": .text($0.title), "url": .optional($0.url)] }),
            "has_links": .bool(!links.isEmpty),
            "has_stay_informed": .bool(hasSocial || urls.webcal != nil || urls.atom != nil),
            "made_with": .html(strings("made_with").escapedForHTML),
        ]
        if settings.legal.isNonprofit {
            value["nonprofit"] = .text(
                settings.legal.ein.map { strings("footer_nonprofit_ein", ["name": legalName, "ein": $0]) }
                    ?? strings("footer_nonprofit", ["name": legalName]))
        }
        let unit = [settings.unit.kind.flatMap { kind in settings.unit.number.map { "\(kind) \($0)" } }, settings.unit.council].compactMap { $0 }
        if !unit.isEmpty { value["unit"] = .text(unit.joined(separator: " · ")) }
        if let school = settings.school.name?[edition.language] {
            value["disclaimer"] = .text(strings("footer_disclaimer", ["name": name, "school": school]))
        }
        return .object(value)
    }

    // MARK: Navigation

    /// The items of site.yaml; without any, the pages of the first level with news and events.
    private func navigation(_ edition: Site.Edition, _ urls: SiteURLs, _ strings: UIStrings) -> [NavigationLink] {
        if !site.settings.navigation.isEmpty { return site.settings.navigation.compactMap { link($0, edition) } }
        var links = site.pages.map { site.entries[$0] }
            .filter { $0.path.split(separator: "/").count == 1 && !SitePaths.listingStems.contains($0.stem) }
            .sorted { weight($0) == weight($1) ? $0.path < $1.path : weight($0) < weight($1) }
            .prefix(5)
            .map { NavigationLink(title: site.sourcePage($0, in: edition).title, url: site.url($0, in: edition), children: []) }
        if let news = urls.news { links.append(NavigationLink(title: strings("news"), url: news, children: [])) }
        if let events = urls.events { links.append(NavigationLink(title: strings("events"), url: events, children: [])) }
        return links
    }

    private func weight(_ entry: Site.Entry) -> Int { site.sources[entry.original].frontMatter.weight ?? 1000 }

    private func link(_ item: Settings.NavigationItem, _ edition: Site.Edition) -> NavigationLink? {
        let children = item.children.compactMap { link($0, edition) }
        var url: String?
        var title = item.title?[edition.language]
        switch item.target {
        case .page(let path, _, _)?:
            guard case .address(let address) = resolver.resolve(path.hasPrefix("/") ? path : "/" + path, from: "site.yaml", in: edition) else {
                break
            }
            url = address
            if title == nil, let index = site.entryByStem[PageName(path: path, languages: site.settings.languages).stem] {
                title = site.sourcePage(site.entries[index], in: edition).title
            }
        case .url(let address)?:
            // `/news/` means the reader's own edition where there is one.
            let local = edition.prefix + address
            if address.hasPrefix("/"), !edition.prefix.isEmpty, case .address = resolver.resolve(local, from: "site.yaml", in: edition) {
                url = local
            } else {
                url = address
            }
        case nil: break
        }
        guard let title, url != nil || !children.isEmpty else { return nil }
        return NavigationLink(title: title, url: url, children: children)
    }

    private static func networkName(_ network: String) -> String {
        let names = [
            "facebook": "Facebook", "instagram": "Instagram", "twitter": "X (Twitter)", "x": "X", "youtube": "YouTube", "tiktok": "TikTok",
            "linkedin": "LinkedIn",
            "bluesky": "Bluesky", "mastodon": "Mastodon", "threads": "Threads", "whatsapp": "WhatsApp", "github": "GitHub",
        ]
        return names[network.lowercased()] ?? network.prefix(1).uppercased() + network.dropFirst()
    }
}

enum SiteInitials {
    /// One or two letters that stand for a name: `Lincoln Elementary PTSA` → `LE`.
    static func initials(of name: String) -> String {
        let words = name.split { !$0.isLetter && !$0.isNumber }.filter {
            !["PTA", "PTSA", "PTO", "HSA", "of", "the", "de", "la"].contains(String($0))
        }
        return words.prefix(2).compactMap(\.first).map { $0.uppercased() }.joined()
    }
}
