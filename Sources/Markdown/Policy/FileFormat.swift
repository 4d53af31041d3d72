/// The formats that a site may offer, and how each is recognized.
enum FileFormat: CaseIterable, Sendable {
    case png, jpeg, gif, webp, avif, icon, svg
    case pdf, openDocument, oldOffice, richText
    case text, json, css, html, xml, captions
    case mp3, mp4, ogg, webm
    case woff, woff2

    static func named(_ fileExtension: String) -> FileFormat? {
        byExtension[fileExtension]
    }

    static let allExtensions = byExtension.keys.sorted()

    private static let byExtension: [String: FileFormat] = {
        var table: [String: FileFormat] = [:]
        for format in allCases {
            for name in format.extensions { table[name] = format }
        }
        return table
    }()

    private var extensions: [String] {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .gif: ["gif"]
        case .webp: ["webp"]
        case .avif: ["avif"]
        case .icon: ["ico"]
        case .svg: ["svg"]
        case .pdf: ["pdf"]
        case .openDocument: ["docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"]
        case .oldOffice: ["doc", "xls", "ppt"]
        case .richText: ["rtf"]
        case .text: ["txt", "csv", "ics", "vcf"]
        case .json: ["json", "webmanifest"]
        case .css: ["css"]
        case .html: ["html", "htm"]
        case .xml: ["xml"]
        case .captions: ["vtt"]
        case .mp3: ["mp3"]
        case .mp4: ["mp4", "m4a", "m4v"]
        case .ogg: ["ogg", "oga", "ogv"]
        case .webm: ["webm"]
        case .woff: ["woff"]
        case .woff2: ["woff2"]
        }
    }

    var label: String {
        switch self {
        case .icon: "ICO"
        case .openDocument: "Office Open XML, OpenDocument or ZIP"
        case .oldOffice: "Microsoft Office 97–2003"
        case .richText: "RTF"
        case .text: "plain text in UTF-8"
        case .captions: "WebVTT"
        case .woff2: "WOFF2"
        default: extensions.first?.uppercased() ?? ""
        }
    }

    /// Whether the contents begin as the format does; for text, whether all of it is text.
    func matches(_ contents: [UInt8]) -> Bool {
        switch self {
        case .png: contents.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .jpeg: contents.starts(with: [0xFF, 0xD8, 0xFF])
        case .gif: contents.starts(with: "GIF87a".utf8) || contents.starts(with: "GIF89a".utf8)
        case .webp: contents.starts(with: "RIFF".utf8) && contents.dropFirst(8).starts(with: "WEBP".utf8)
        case .avif: contents.dropFirst(4).starts(with: "ftypavi".utf8)
        case .icon: contents.starts(with: [0, 0, 1, 0])
        case .pdf: contents.starts(with: "%PDF-".utf8)
        case .openDocument: contents.starts(with: [0x50, 0x4B, 0x03, 0x04])
        case .oldOffice: contents.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
        case .richText: contents.starts(with: "{\\rtf".utf8)
        case .text, .css, .html, .xml: Self.isText(contents)
        case .json: Self.isText(contents) && [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(contents.first { !ASCII.isSpace($0) })
        case .captions: Self.isText(contents) && contents.starts(with: "WEBVTT".utf8)
        case .mp3: contents.starts(with: "ID3".utf8) || (contents.first == 0xFF && contents.dropFirst().first.map { $0 & 0xE0 == 0xE0 } == true)
        case .mp4: contents.dropFirst(4).starts(with: "ftyp".utf8)
        case .ogg: contents.starts(with: "OggS".utf8)
        case .webm: contents.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
        case .woff: contents.starts(with: "wOFF".utf8)
        case .woff2: contents.starts(with: "wOF2".utf8)
        case .svg: false  // Its own policy reads it.
        }
    }

    private static func isText(_ contents: [UInt8]) -> Bool {
        !contents.contains(0) && (try? UTF8Span(validating: contents.span)) != nil
    }
}
