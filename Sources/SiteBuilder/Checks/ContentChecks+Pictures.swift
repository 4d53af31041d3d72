import Markdown
import StructuredData
import Tenancy

extension ContentChecks {
    /// A phone's photo has 3 to 6 MB and 12 megapixels. What is above these is a camera's original.
    private static let largestFile = 10 << 20
    private static let mostPixels = 30_000_000

    func pictureFindings(_ others: [SourcePage], _ data: [DataFile], resolver: LinkResolver) -> [Finding] {
        var findings: [Finding] = []
        for (path, info) in pictures {
            if info.hasLocation {
                findings.append(
                    Finding(
                        .pictureLocation, path: path, "the file tells where the picture was taken",
                        advice: "save it without its location and replace it; the site leaves the location out, but the folder's history keeps it"))
            }
            let size = tree.file(at: path)?.size ?? 0
            if info.format != .svg, size > Self.largestFile || info.width.multipliedReportingOverflow(by: info.height).partialValue > Self.mostPixels
            {
                findings.append(
                    Finding(
                        .pictureSize, path: path, "the picture has \(info.width) × \(info.height) pixels and \(size >> 20) MB",
                        advice: "2400 pixels are enough for the widest screen; save it smaller and replace it"))
            }
        }
        return findings + unusedPictures(others, data, resolver)
    }

    /// Looks wherever a picture can be named; a mention of the file's name in HTML or in the tenant's theme counts.
    private func unusedPictures(_ others: [SourcePage], _ data: [DataFile], _ resolver: LinkResolver) -> [Finding] {
        var used: Set<String> = []
        func use(_ picture: String?, from path: String) {
            if let picture, let file = resolver.picture(picture, from: path) { used.insert(file) }
        }
        for page in site.sources + others {
            for reference in page.document.references { use(reference.destination, from: page.path) }
            use(page.frontMatter.image, from: page.path)
            use(page.frontMatter.hero?.image?.path, from: page.path)
        }
        for file in data {
            for text in file.allTexts where PictureStore.isPicture(text) { use(text, from: TenantLoader.settingsFile) }
        }
        let candidates = tree.files.filter { $0.path.hasPrefix("media/") && PictureStore.isPicture($0.path) && !used.contains($0.path) }
        guard !candidates.isEmpty else { return [] }
        let mentions = textsThatMayNamePictures(others)
        return candidates.filter { file in
            let names = [String(file.name), PathSegment.encoded(String(file.name))]
            return !mentions.contains { text in names.contains { text.contains($0) } }
        }.map { Finding(.unusedPicture, path: $0.path, "no page uses the picture", advice: "remove it, or show it on a page: ![…](/\($0.path))") }
    }

    private func textsThatMayNamePictures(_ others: [SourcePage]) -> [String] {
        let pages = Set((site.sources + others).filter(\.document.hasRawHTML).map(\.path))
        return tree.files.filter { file in
            pages.contains(file.path) || (file.path.hasPrefix("theme/") && ["css", "html", "svg"].contains(file.fileExtension))
                || (file.path.hasPrefix("static/") && ["css", "html", "json", "webmanifest", "xml"].contains(file.fileExtension))
        }.compactMap { tree.read($0, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) } }
    }
}
