import Foundation

/// Turns the names that people give files and tags into parts of addresses.
enum PathSegment {
    /// Bytes. A name longer than a file system takes would stop the whole release.
    static let maximumLength = 120

    /// `Días festivos` → `dias-festivos`; letters of other scripts stay. Empty when nothing is left.
    static func make(_ name: some StringProtocol) -> String {
        if name.utf8.count <= maximumLength, name.utf8.allSatisfy({ isPlain($0) }) { return String(name) }
        let folded = String(name).folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        var segment = ""
        var pendingHyphen = false
        for scalar in folded.unicodeScalars {
            let isKept = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "."
            if isKept {
                if pendingHyphen, !segment.isEmpty { segment += "-" }
                pendingHyphen = false
                segment.unicodeScalars.append(scalar)
            } else {
                pendingHyphen = true
            }
        }
        while segment.hasPrefix(".") { segment.removeFirst() }
        guard segment.utf8.count > maximumLength else { return segment }
        // What is cut off still tells two long names apart.
        let ending = "-" + Fingerprint(of: segment).short.prefix(6)
        while segment.utf8.count > maximumLength - ending.utf8.count { segment.removeLast() }
        return segment + ending
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    /// The path as it stands in an address: everything but unreserved characters and `/` percent-encoded (RFC 3986, 2.3).
    static func encoded(_ path: String) -> String {
        if path.utf8.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }) { return path }
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in path.utf8 {
            let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            if isPlain(byte) || isLetter || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The path that an address means; nil for broken percent-encoding.
    static func decoded(_ path: some StringProtocol) -> String? {
        guard path.utf8.contains(UInt8(ascii: "%")) else { return String(path) }
        return String(path).removingPercentEncoding
    }
}
