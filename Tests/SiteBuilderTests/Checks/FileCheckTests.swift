import Testing

@testable import SiteBuilder

@Suite("Pictures and documents")
struct FileCheckTests {
    private func picture(_ width: Int, _ height: Int, hasLocation: Bool = false, format: PictureFormat = .jpeg) -> PictureInfo {
        PictureInfo(width: width, height: height, format: format, hasLocation: hasLocation, hasAlpha: false, frames: 1)
    }

    @Test("a picture that tells its place and one that is very large are found")
    func pictures() throws {
        let site = try CheckedSite(["about.md": "Text."])
        let findings = try site.findings(
            .pictureLocation, .pictureSize,
            pictures: [
                "media/beds.jpg": picture(4000, 3000, hasLocation: true), "media/phone.jpg": picture(4000, 3000),
                "media/camera.jpg": picture(8000, 6000),
                "media/map.svg": picture(9000, 9000, format: .svg),
            ])
        #expect(
            findings.map { "\($0.path) \($0.rule) \($0.severity)" } == [
                "media/beds.jpg picture-location warning", "media/camera.jpg picture-size advice",
            ])
    }

    @Test("a picture is used wherever it is named, drafts included")
    func unusedPictures() throws {
        let svg = "<svg/>"
        let names = ["page", "front", "hero", "logo", "sponsor", "draft", "html", "theme", "my photo", "unused", "broken"]
        var files = Dictionary(uniqueKeysWithValues: names.map { ("media/\($0).svg", svg) })
        files["site.yaml"] = CheckedSite.settings + "logo: media/logo.svg\nhero: {title: Hi, image: media/hero.svg, image_alt: Lion}\n"
        files["about.md"] =
            "---\nimage: media/front.svg\nimage_alt: Lion\n---\n![Lion](media/page.svg) ![Lion](<media/my photo.svg>)\n\n<img src=\"/media/html.svg\" alt=\"Lion\">\n"
        files["draft.md"] = "---\ndraft: true\n---\n![Lion](media/draft.svg)\n"
        files["broken.md"] = "---\ndate: never\n---\n![Lion](media/broken.svg)\n"
        files["data/sponsors.yaml"] = "- {name: Bakery, logo: media/sponsor.svg}\n"
        files["theme/custom.css"] = "body { background: url(/media/theme.svg) }"
        files["media/notes.txt"] = "no picture"
        #expect(try CheckedSite(files).findings(.unusedPicture).map(\.path) == ["media/unused.svg"])
    }

    @Test("a file in documents/ has to be listed, in any language's list")
    func unlisted() throws {
        let site = try CheckedSite([
            "site.yaml": CheckedSite.settings + "languages: [en, es]\n", "documents/bylaws.pdf": "x", "documents/estatutos.pdf": "x",
            "documents/old/lost.pdf": "x",
            "documents/index.yaml": "- {file: bylaws.pdf, title: Bylaws, date: 2026-01-01, visibility: public}\n",
            "documents/index.es.yaml": "- {file: estatutos.pdf, title: Estatutos, date: 2026-01-01, visibility: public}\n",
        ])
        #expect(try site.findings(.unlistedDocument).map(\.path) == ["documents/old/lost.pdf"])
    }

    @Test(
        "a document needs title, date and visibility",
        arguments: [
            ("title: Bylaws, date: 2026-01-01, visibility: public", 0), ("date: 2026-01-01, visibility: public", 1),
            ("title: Bylaws, visibility: public", 1), ("title: Bylaws, date: 2026-01-01", 1),
            ("visibility: members", 0), ("visibility: public", 2),
        ])
    func details(fields: String, count: Int) throws {
        let site = try CheckedSite(["documents/bylaws.pdf": "x", "documents/index.yaml": "- {file: bylaws.pdf, \(fields)}\n"])
        let findings = try site.findings(.documentDetails)
        #expect(findings.count == count)
        #expect(findings.allSatisfy { $0.line == 1 && $0.column == 10 })
    }
}
