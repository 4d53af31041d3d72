import FoundationEssentials

/// A mail that was written by `MailMessage`, read again: for looking at it. It is no reader for strangers' mails, but nothing in a file makes
/// it fail: what it does not know stays as it is.
package struct WrittenMail: Sendable, Hashable {
    package struct Header: Sendable, Hashable {
        package let name: String
        /// On one line, decoded.
        package let value: String
    }

    package let headers: [Header]
    package private(set) var text: String?
    package private(set) var html: String?

    package init(_ bytes: [UInt8]) {
        let (headers, body) = Self.split(bytes)
        self.headers = headers
        guard Self.value("Content-Type", in: headers)?.hasPrefix("multipart/alternative") == true else {
            keep(headers, body)
            return
        }
        let mark = Array("--\(MailMessage.boundary)".utf8)
        var start: Int?
        for line in Self.lines(of: body) where body[line].starts(with: mark) {
            if let start {
                // The line break in front of the mark belongs to the mark.
                let (headers, content) = Self.split(Array(body[start..<max(start, line.lowerBound - 2)]))
                keep(headers, content)
            }
            start = line.upperBound
        }
    }

    /// The first header of a name.
    package subscript(name: String) -> String? { Self.value(name, in: headers) }

    private mutating func keep(_ headers: [Header], _ body: [UInt8]) {
        let bytes =
            switch Self.value("Content-Transfer-Encoding", in: headers) {
            case "base64": Array(Data(base64Encoded: Data(body), options: .ignoreUnknownCharacters) ?? Data())
            case "quoted-printable": QuotedPrintable.decode(body)
            default: body
            }
        let content = String(decoding: bytes, as: UTF8.self)
        if Self.value("Content-Type", in: headers)?.hasPrefix("text/html") == true { html = content } else { text = content }
    }

    private static func value(_ name: String, in headers: [Header]) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The headers, unfolded and decoded, and what follows the first empty line.
    private static func split(_ bytes: [UInt8]) -> (headers: [Header], body: [UInt8]) {
        var fields: [String] = []
        for line in lines(of: bytes) {
            let text = String(decoding: bytes[line].filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
            if text.isEmpty { return (fields.map(header), Array(bytes[line.upperBound...])) }
            if text.hasPrefix(" ") || text.hasPrefix("\t"), let last = fields.popLast() {
                fields.append(last + text)
            } else {
                fields.append(text)
            }
        }
        return (fields.map(header), [])
    }

    /// With their ends.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            lines.append(start..<(index + 1))
            start = index + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }

    private static func header(_ field: String) -> Header {
        let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        return Header(name: String(parts[0]), value: decodingWords(String(value)))
    }

    /// Spaces between two encoded words are not part of the text (RFC 2047, 6.2).
    private static func decodingWords(_ value: String) -> String {
        var result = ""
        var wasEncoded = false
        for (index, word) in value.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let decoded = decoded(word)
            if index > 0, !(wasEncoded && decoded != nil) { result += " " }
            result += decoded ?? String(word)
            wasEncoded = decoded != nil
        }
        return result
    }

    private static func decoded(_ word: Substring) -> String? {
        let prefix = "=?utf-8?B?"
        guard word.hasPrefix(prefix), word.hasSuffix("?="), word.utf8.count > prefix.utf8.count + 2 else { return nil }
        guard let data = Data(base64Encoded: String(word.dropFirst(prefix.count).dropLast(2))) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
