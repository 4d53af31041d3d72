/// The kinds of picture files that sites may use.
package enum PictureFormat: String, Sendable, Hashable {
    case jpeg, png, gif, webp, heic, avif, svg

    package var fileExtension: String {
        self == .jpeg ? "jpg" : rawValue
    }

    package var mediaType: String {
        self == .svg ? "image/svg+xml" : "image/\(rawValue)"
    }

    /// Tells the format by the first bytes of a file, as names lie. 1,024 bytes are enough; nil for anything else than a picture.
    init?(start: [UInt8]) {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            start.dropFirst(offset).starts(with: signature)
        }
        if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has(Array("GIF87a".utf8)) || has(Array("GIF89a".utf8)) {
            self = .gif
        } else if has(Array("RIFF".utf8)) && has(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if has(Array("ftyp".utf8), at: 4) {
            // ISO base media file: the brand says which coding is inside.
            let brand = String(decoding: start.dropFirst(8).prefix(4), as: UTF8.self)
            switch brand {
            case "avif", "avis": self = .avif
            case "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1": self = .heic
            default: return nil
            }
        } else if Self.looksLikeSVG(start) {
            self = .svg
        } else {
            return nil
        }
    }

    private static func looksLikeSVG(_ start: [UInt8]) -> Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = start.starts(with: byteOrderMark) ? start.dropFirst(3) : start[...]
        let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard first == UInt8(ascii: "<") else { return false }
        return String(decoding: text, as: UTF8.self).contains("<svg")
    }
}
