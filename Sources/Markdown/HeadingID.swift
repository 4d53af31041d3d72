/// Makes an id for a heading from its text: `Meet the Board!` → `meet-the-board`.
enum HeadingID {
    static let maximumLength = 80

    static func make(from text: String) -> String {
        var id: [UInt8] = []
        var pendingHyphen = false
        for scalar in text.unicodeScalars {
            if id.count > maximumLength { break }
            guard let kept = kept(scalar) else {
                pendingHyphen = !id.isEmpty
                continue
            }
            if pendingHyphen {
                id.append(UInt8(ascii: "-"))
                pendingHyphen = false
            }
            id.append(contentsOf: String(kept).utf8)
        }
        return id.isEmpty ? "section" : String(decoding: id, as: UTF8.self)
    }

    /// Letters of every script are kept, because browsers allow them and a reader of the address can read them.
    private static func kept(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "a"..."z", "0"..."9", "_": scalar
        case "A"..."Z": Unicode.Scalar(scalar.value + 32)
        default:
            scalar.value > 0x7F && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                ? scalar.properties.lowercaseMapping.unicodeScalars.first : nil
        }
    }
}
