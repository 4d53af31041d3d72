import Markdown
import Tenancy

/// Makes the files that all pages of a site load: style sheets, scripts, icons, manifest.
struct SiteAssetMaker {
    let settings: Settings
    let palette: Palette
    let theme: Theme
    /// A tenant's own style sheet, checked.
    let customCSS: [UInt8]?
    /// Nil to make no icons as pixels, for a page that nobody keeps.
    let icons: IconCache?

    func assets() -> SiteAssets {
        let name = settings.name[settings.defaultLanguage]
        let icon = SiteIcon(initials: SiteInitials.initials(of: name), palette: palette)
        let svg = named("icon", "svg", Array(icon.svg().utf8))
        let pngs = (icons?.pngs(of: icon) ?? []).map { (size: $0.size, asset: named("icon-\($0.size)", "png", $0.bytes)) }
        let maskable = named("icon-maskable", "svg", Array(icon.maskableSVG().utf8))
        return SiteAssets(
            css: named("site", "css", Array((palette.css() + theme.css).utf8)), flyerCSS: named("flyer", "css", Array(theme.flyerCSS.utf8)),
            customCSS: customCSS.map { named("theme", "css", $0) }, script: named("site", "js", theme.script),
            searchScript: named("search", "js", theme.searchScript), iconSVG: svg, iconMaskable: maskable, iconPNGs: pngs,
            manifest: SiteAssets.Asset(path: "manifest.webmanifest", bytes: manifest(name, svg, maskable, pngs)))
    }

    /// The name carries a fingerprint of the content, so that browsers may keep the file for ever.
    private func named(_ name: String, _ fileExtension: String, _ bytes: [UInt8]) -> SiteAssets.Asset {
        SiteAssets.Asset(path: "assets/\(name).\(Fingerprint(of: bytes).short).\(fileExtension)", bytes: bytes)
    }

    /// Web App Manifest (W3C).
    private func manifest(
        _ name: String, _ svg: SiteAssets.Asset, _ maskable: SiteAssets.Asset, _ pngs: [(size: Int, asset: SiteAssets.Asset)]
    ) -> [UInt8] {
        var icons: [JSONValue] = [
            .object([("src", .text(svg.url)), ("sizes", .text("any")), ("type", .text("image/svg+xml"))]),
            .object([("src", .text(maskable.url)), ("sizes", .text("any")), ("type", .text("image/svg+xml")), ("purpose", .text("maskable"))]),
        ]
        icons += pngs.map { .object([("src", .text($0.asset.url)), ("sizes", .text("\($0.size)x\($0.size)")), ("type", .text("image/png"))]) }
        var manifest: [(String, JSONValue)] = []
        manifest.add("name", name)
        manifest.add("short_name", settings.shortName?[settings.defaultLanguage] ?? name)
        manifest.add("lang", settings.defaultLanguage.code)
        manifest.add("dir", settings.defaultLanguage.direction)
        manifest.add("start_url", "/")
        manifest.add("display", "browser")
        manifest.add("theme_color", palette.light[.header].hex)
        manifest.add("background_color", palette.light[.background].hex)
        manifest.append(("icons", .list(icons)))
        return JSONValue.object(manifest).bytes
    }
}
