import Synchronization
import Tenancy
import Templating

/// What all pages of a site in one language have in common.
struct EditionContext: Sendable {
    let edition: Site.Edition
    let strings: UIStrings
    let dates: DateText
    /// `site`, `language`, `t`, `theme`, `urls`, `assets`, `footer`.
    let common: TemplateValue
    let commonDigest: Fingerprint
    /// Rendered once.
    let footer: [UInt8]
    let footerDigest: Fingerprint
    let navigation: [NavigationLink]
    let urls: SiteURLs
    let siteName: String
}

/// A navigation item with its address.
struct NavigationLink: Sendable, Hashable {
    let title: String
    let url: String?
    let children: [NavigationLink]
}

/// Addresses of the generated pages in one language; nil where a site has no such page.
struct SiteURLs: Sendable, Hashable {
    var home: String
    var news: String?
    var events: String?
    var calendar: String?
    var pastEvents: String?
    var documents: String?
    var board: String?
    var sponsors: String?
    var search: String
    var tags: String?
    var contact: String?
    var privacy: String?
    var atom: String?
    var jsonFeed: String?
    var ics: String?
    var webcal: String?

    var templateValue: TemplateValue {
        let all: [(TemplateName, String?)] = [
            ("news", news), ("events", events), ("calendar", calendar), ("past_events", pastEvents), ("documents", documents), ("board", board),
            ("sponsors", sponsors), ("search", search), ("tags", tags), ("contact", contact), ("privacy", privacy), ("atom", atom),
            ("json_feed", jsonFeed),
            ("ics", ics), ("webcal", webcal), ("home", home),
        ]
        var object = TemplateObject()
        for (name, url) in all { if let url { object[name] = .text(url) } }
        return .object(object)
    }
}

/// Addresses of the files that pages load.
struct SiteAssets: Sendable, Hashable {
    struct Asset: Sendable, Hashable {
        let path: String
        let bytes: [UInt8]
        var url: String { "/" + path }
    }

    let css: Asset
    let flyerCSS: Asset
    /// A tenant's own, after the theme's.
    let customCSS: Asset?
    let script: Asset
    let searchScript: Asset
    let iconSVG: Asset
    let iconMaskable: Asset
    let iconPNGs: [(size: Int, asset: Asset)]
    let manifest: Asset

    var all: [Asset] {
        [css, flyerCSS, script, searchScript, iconSVG, iconMaskable, manifest] + [customCSS].compactMap { $0 } + iconPNGs.map(\.asset)
    }

    static func == (left: SiteAssets, right: SiteAssets) -> Bool { left.all == right.all }
    func hash(into hasher: inout Hasher) { hasher.combine(all) }

    var templateValue: TemplateValue {
        [
            "css": .text(css.url), "js": .text(script.url), "search_js": .text(searchScript.url), "icon_svg": .text(iconSVG.url),
            "manifest": .text(manifest.url),
            "flyer_css": .text(flyerCSS.url), "custom_css": .optional(customCSS?.url),
            "icon_png": .optional(iconPNGs.first { $0.size == 180 }?.asset.url),
        ]
    }
}

extension Fingerprint {
    /// Of everything that a template could show of a value.
    init(of value: TemplateValue) {
        let digest = value.digest { bytes in
            let part = Fingerprint(of: UnsafeRawBufferPointer(bytes))
            return (part.high, part.low)
        }
        self.init(high: digest.high, low: digest.low)
    }
}
