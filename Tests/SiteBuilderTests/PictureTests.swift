import Glibc
import Testing

@testable import SiteBuilder

@Suite("Pictures")
struct PictureTests {
    let folder: TestFolder
    let processor = PictureProcessor()

    init() throws {
        folder = try TestFolder()
    }

    // MARK: Variants

    @Test("a photo becomes WebP in rising widths and two JPEGs, each a whole file of the size it says")
    func photo() throws {
        let jpeg = try TestPictures.jpeg(from: TestPictures.drawing(width: 2400, height: 1200), in: folder)
        let variants = try variants(of: jpeg)
        #expect(variants.filter { $0.format == .webp }.map(\.width) == [320, 480, 640, 960, 1280, 1920])
        #expect(variants.filter { $0.format == .jpeg }.map(\.width) == [640, 1280])
        #expect(variants.count == 8)
        for variant in variants {
            let info = try processor.probe(variant.path)
            #expect([info.width, info.height] == [variant.width, variant.height])
            #expect(variant.height == variant.width / 2)
            #expect(info.format == variant.format)
            #expect(PictureFile.size(variant.path) == variant.bytes)
        }
    }

    @Test("what a phone may choose is at most 95 kB, however restless the picture")
    func budget() throws {
        let jpeg = try TestPictures.jpeg(from: TestPictures.leaves(width: 1300, height: 700), in: folder)
        let variants = try variants(of: jpeg)
        #expect(variants.contains { $0.format == .webp && $0.width > 480 })
        for variant in variants {
            #expect(variant.bytes <= (variant.format == .webp ? variant.width <= 1280 ? 95_000 : 250_000 : 200_000))
        }
        let widths = variants.filter { $0.format == .webp }.map(\.width)
        #expect(widths == Set(widths).sorted())
        // The picture is one that does not fit at the best quality, or the test shows nothing.
        #expect(try TestPictures.webp(from: jpeg, width: 1280, quality: 78, in: folder).count > 95_000)
    }

    @Test(
        "widths never exceed the picture's own",
        arguments: [
            (100, [100]), (320, [320]), (330, [320]), (400, [320, 400]), (1300, [320, 480, 640, 960, 1280]),
            (5000, [320, 480, 640, 960, 1280, 1920]),
        ])
    func widths(own: Int, expected: [Int]) {
        #expect(PictureRecipe.widths(PictureRecipe.page.widths, own: own) == expected)
    }

    @Test(
        "a phone is offered no variant wider than 1280, whatever its screen; others are", arguments: [PictureStore.Place.body, .lead, .card, .hero])
    func phone(_ place: PictureStore.Place) throws {
        let jpeg = try TestPictures.jpeg(from: TestPictures.drawing(width: 2400, height: 1200), in: folder)
        let html = try markup(of: jpeg, place)
        let sources = html.split(separator: "<source ").dropFirst()
        #expect(sources.count == 2)
        let phone = try #require(sources.first)
        #expect(phone.contains("media=\"(max-width: 40em)\"") && phone.contains(" 1280w") && !phone.contains(" 1920w"))
        #expect(phone.contains("sizes=\"\(place.sizes.split(separator: " ").last ?? "")\""))
        #expect(sources.last?.contains(" 1920w") == true && sources.last?.contains("media=") == false)
        // Browsers without WebP have no wider ones at all.
        #expect(html.contains("<img") && !html.split(separator: "<img").dropFirst().joined().contains("1920w"))
    }

    @Test("a picture without wide variants needs one source only")
    func narrow() throws {
        let jpeg = try TestPictures.jpeg(from: TestPictures.drawing(width: 1200, height: 600), in: folder)
        #expect(try markup(of: jpeg, .body).split(separator: "<source ").count == 2)
    }

    private func markup(of picture: [UInt8], _ place: PictureStore.Place) throws -> String {
        let site = try TestSite()
        try site.write("media/picture.jpg", picture)
        let store = PictureStore(tree: try ContentTree(root: site.content), cacheDirectory: site.folders.pictures)
        guard case .published(let published) = store.picture("media/picture.jpg") else { throw PictureError.damaged }
        return published.html(alternative: "", place: place, isLazy: true)
    }

    @Test("a drawing keeps its transparency, as WebP and as PNG")
    func transparency() throws {
        let variants = try variants(of: TestPictures.drawing(width: 700, height: 500))
        #expect(Set(variants.map(\.format)) == [.webp, .png])
        for variant in variants {
            #expect(try processor.probe(variant.path).hasAlpha)
        }
    }

    @Test("a picture without a colour profile keeps its colours")
    func coloursWithoutProfile() throws {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"><rect width=\"64\" height=\"64\" fill=\"#0b5394\"/></svg>"
        let png = Raster(svg: svg, width: 64)?.png() ?? []
        let path = folder.add("flat.png", png)
        let decoded = Raster(path: path, width: 32)?.pixels ?? []
        #expect(decoded.prefix(4) == [0x0B, 0x53, 0x94, 0xFF])
    }

    @Test("a WebP gets a fallback that every browser knows")
    func webpSource() throws {
        let webp = try TestPictures.webp(from: TestPictures.leaves(width: 300, height: 200), in: folder)
        let variants = try variants(of: webp)
        #expect(variants.map(\.format) == [.webp, .jpeg])
        #expect(variants.map(\.width) == [300, 300])
    }

    @Test("an animation stays a GIF with all its frames, without its comments")
    func animation() throws {
        let variants = try variants(of: TestPictures.animation)
        let variant = try #require(variants.first)
        #expect(variants.count == 1)
        #expect(try processor.probe(variant.path).frames == 2)
        #expect(!contains(try #require(PictureFile.read(variant.path, limit: 1_000_000)), "secret"))
    }

    @Test("an SVG has a size and no variants")
    func svg() throws {
        let svg = Array("\u{FEFF}<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 80\"/>".utf8)
        let info = try processor.probe(folder.add("a.jpg", svg))
        #expect(info.format == .svg)
        #expect([info.width, info.height] == [120, 80])
        #expect(try variants(of: svg).isEmpty)
    }

    // MARK: Privacy

    @Test("nothing that a phone notes in a picture is published, and the turn it notes is made")
    func metadata() throws {
        let bytes = try TestPictures.phoneJPEG(from: TestPictures.leaves(width: 800, height: 600), in: folder)
        let info = try processor.probe(folder.add("phone.jpg", bytes))
        #expect(info.hasLocation)
        #expect([info.width, info.height] == [600, 800])

        let variants = try variants(of: bytes)
        #expect(!variants.isEmpty)
        for variant in variants {
            #expect(variant.height > variant.width)
            #expect(try !processor.probe(variant.path).hasLocation)
            let content = try #require(PictureFile.read(variant.path, limit: 1_000_000))
            for trace in ["Exif", "EXIF", "eXIf", "xmp", "XMP", "adobe", "ICC_PROFILE", "ICCP", "iCCP", "GPS", "secret"] {
                #expect(!contains(content, trace), "\(trace) in \(variant.width).\(variant.format)")
            }
        }
    }

    @Test("a WebP container loses its metadata and keeps the rest")
    func webpContainer() throws {
        func file(_ chunks: [UInt8]) -> [UInt8] {
            Array("RIFF".utf8) + [UInt8(chunks.count + 4), 0, 0, 0] + Array("WEBP".utf8) + chunks
        }
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            Array(name.utf8) + [UInt8(content.count), 0, 0, 0] + content + (content.count.isMultiple(of: 2) ? [] : [0])
        }
        let flags = chunk("VP8X", [0x3C] + [UInt8](repeating: 0, count: 9))
        let pixels = chunk("VP8 ", [1, 2, 3])
        let full = file(flags + chunk("ICCP", [9]) + pixels + chunk("EXIF", [8, 8]) + chunk("XMP ", [7]))
        let clean = file(chunk("VP8X", [0x10] + [UInt8](repeating: 0, count: 9)) + pixels)
        #expect(WebPContainer.withoutMetadata(full) == clean)
        #expect(WebPContainer.withoutMetadata(clean) == clean)
        for count in 13..<full.count where WebPContainer.withoutMetadata(Array(full.prefix(count))) != nil {
            // Only where a chunk ends.
            #expect([30, 40, 52, 62].contains(count))
        }
        #expect(WebPContainer.withoutMetadata([]) == nil)
    }

    // MARK: Damaged and hostile files

    @Test("a truncated picture is an error, wherever it ends", arguments: [4, 100, 1_000, 10_000])
    func truncated(count: Int) throws {
        let png = try TestPictures.leaves(width: 300, height: 200)
        let jpeg = try TestPictures.jpeg(from: png, in: folder)
        #expect(png.count > 10_000 && jpeg.count > 10_000)
        #expect(throws: PictureError.damaged) { try variants(of: Array(jpeg.prefix(count))) }
        #expect(throws: PictureError.self) { try variants(of: Array(png.prefix(count))) }
    }

    @Test(
        "a file that is no picture is refused, whatever its name",
        arguments: ["%PDF-1.7", "<html><body>", "MZ", "hello", "GIF8", "\0\0\0\0ftypmp42"])
    func noPicture(start: String) throws {
        let path = folder.add("a.jpg", Array(start.utf8))
        #expect { try processor.probe(path) } throws: { error in
            guard case .unsupported? = error as? PictureError else { return false }
            return true
        }
    }

    @Test("empty and missing files, folders and pipes are unreadable")
    func unreadable() throws {
        let pipe = "\(folder.path)/pipe.jpg"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [folder.add("empty.jpg", []), "\(folder.path)/none.jpg", folder.path, pipe] {
            #expect { try processor.probe(path) } throws: { error in
                guard case .unreadable? = error as? PictureError else { return false }
                return true
            }
        }
    }

    @Test("a decompression bomb is refused by its header", arguments: [(100_000, 100_000), (50_000, 1_001), (1, 50_000_001)])
    func bomb(width: UInt32, height: UInt32) throws {
        let path = folder.add("bomb.png", TestPictures.pngHeader(width: width, height: height))
        #expect(throws: PictureError.self) { try processor.probe(path) }
        #expect(throws: PictureError.self) { try processor.variants(of: path, contentHash: "bomb", in: "\(folder.path)/cache") }
    }

    @Test("the message for a picture with too many pixels says what to do")
    func bombMessage() throws {
        let path = folder.add("bomb.png", TestPictures.pngHeader(width: 10_000, height: 6_000))
        let error = #expect(throws: PictureError.self) { try processor.probe(path) }
        #expect(
            error?.description
                == "The picture is too large: 10000 × 6000 pixels are more than 50 megapixels. Make it smaller, for example 3000 pixels wide.")
    }

    @Test("a file over the limit is refused before it is read")
    func hugeFile() throws {
        let path = folder.add("huge.jpg", [0xFF, 0xD8, 0xFF])
        #expect(truncate(path, PictureProcessor.byteLimit + 1) == 0)
        #expect(throws: PictureError.fileTooLarge(bytes: PictureProcessor.byteLimit + 1, limit: PictureProcessor.byteLimit)) {
            try processor.probe(path)
        }
    }

    @Test("damaged bytes anywhere give a picture or an error, never a crash", arguments: [PictureFormat.jpeg, .png, .webp, .gif])
    func damage(format: PictureFormat) throws {
        let png = try TestPictures.leaves(width: 64, height: 48)
        let source: [UInt8] =
            switch format {
            case .jpeg: try TestPictures.phoneJPEG(from: png, in: folder)
            case .webp: try TestPictures.webp(from: png, in: folder)
            case .gif: TestPictures.animation
            default: png
            }
        var random = SplitMix(state: 7)
        for round in 0..<60 {
            var bytes = source
            for _ in 0...round % 4 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            }
            do throws(PictureError) {
                let path = folder.add("damaged-\(round)", bytes)
                for variant in try processor.variants(of: path, contentHash: "\(round)", in: "\(folder.path)/cache") {
                    #expect(variant.bytes > 0)
                }
            } catch {
                #expect(error.description.hasPrefix("The picture"))
            }
        }
    }

    // MARK: Cache

    @Test("the second time the variants come from the cache, untouched")
    func reuse() throws {
        let bytes = try TestPictures.drawing(width: 700, height: 500)
        let first = try variants(of: bytes)
        let inode = try inode(of: first[0].path)
        // The source is not even looked at.
        let second = try processor.variants(of: "\(folder.path)/gone.png", contentHash: "content", in: "\(folder.path)/cache")
        #expect(second == first)
        #expect(try self.inode(of: second[0].path) == inode)
        #expect(names(in: "\(folder.path)/cache").count == 1)
    }

    @Test("an entry that lost a file, or part of one, is made again")
    func incompleteEntry() throws {
        let bytes = try TestPictures.drawing(width: 700, height: 500)
        let first = try variants(of: bytes)
        #expect(unlink(first[0].path) == 0)
        #expect(truncate(first[1].path, 10) == 0)
        #expect(try variants(of: bytes) == first)
        for variant in first {
            #expect(PictureFile.size(variant.path) == variant.bytes)
        }
        #expect(names(in: "\(folder.path)/cache").count == 1)
    }

    @Test("other content and other recipes have entries of their own")
    func keys() throws {
        let path = folder.add("a.png", try TestPictures.drawing(width: 700, height: 500))
        let cache = "\(folder.path)/cache"
        let page = try processor.variants(of: path, contentHash: "a", in: cache)
        let logo = try processor.variants(of: path, contentHash: "a", in: cache, recipe: .logo)
        let other = try processor.variants(of: path, contentHash: "b", in: cache)
        #expect(logo.map(\.width) == [96, 192, 384, 192])
        #expect(Set([page[0].path, logo[0].path, other[0].path]).count == 3)
        #expect(names(in: cache).count == 3)
    }

    @Test("the same picture gives the same bytes, another one another fingerprint")
    func deterministic() throws {
        let path = folder.add("a.png", try TestPictures.leaves(width: 500, height: 300))
        let one = try processor.variants(of: path, contentHash: "a", in: "\(folder.path)/one")
        let two = try processor.variants(of: path, contentHash: "a", in: "\(folder.path)/two")
        #expect(one.map(\.fingerprint) == two.map(\.fingerprint))
        #expect(Set(one.map(\.fingerprint)).count == one.count)
        #expect(one.allSatisfy { $0.fingerprint.utf8.count == 16 })
    }

    @Test("a cache that cannot be written is told as such, and a failure leaves nothing behind")
    func failures() throws {
        let path = folder.add("a.png", try TestPictures.drawing(width: 100, height: 100))
        #expect { try processor.variants(of: path, contentHash: "a", in: "\(path)/cache") } throws: { error in
            guard case .notStored? = error as? PictureError else { return false }
            return true
        }
        #expect(throws: PictureError.self) { try variants(of: [0xFF, 0xD8, 0xFF, 0xE0]) }
        #expect(names(in: "\(folder.path)/cache").isEmpty)
    }

    // MARK: Helpers

    private func variants(of bytes: [UInt8]) throws(PictureError) -> [PictureVariant] {
        let path = folder.add("picture-\(UInt32.random(in: 0 ... .max))", bytes)
        return try processor.variants(of: path, contentHash: "content", in: "\(folder.path)/cache")
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        bytes.firstRange(of: Array(text.utf8)) != nil
    }

    private func inode(of path: String) throws -> UInt {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_ino
    }

    /// The names of the entries of a folder; none if there is no such folder.
    private func names(in folder: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        glob("\(folder)/*", 0, nil, &found)
        glob("\(folder)/.[!.]*", GLOB_APPEND, nil, &found)
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}

/// Random numbers that are the same on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
