/// Appends content lines of RFC 5545 to bytes: ended by CRLF, at most 75 octets long and then folded, text escaped.
struct ICalendarWriter {
    private(set) var bytes: [UInt8] = []

    private static let maximumLineLength = 75

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// A line that needs no escaping.
    mutating func line(_ content: String) {
        line(content) { _ in }
    }

    /// A line whose value is appended after `head`.
    mutating func line(_ head: String, _ appendValue: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: head.utf8)
        appendValue(&bytes)
        endLine(from: start)
    }

    /// A property of text in a language.
    mutating func text(_ name: String, _ value: String, language: String? = nil) {
        textList(name, [value], language: language)
    }

    /// A property with a list of texts.
    mutating func textList(_ name: String, _ values: [String], language: String? = nil) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        if let language, !language.isEmpty {
            bytes.append(contentsOf: ";LANGUAGE=".utf8)
            bytes.append(contentsOf: Self.parameterValue(language).utf8)
        }
        bytes.append(UInt8(ascii: ":"))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendEscaped(value)
        }
        endLine(from: start)
    }

    /// A property with an address. What may not stand in one is percent-encoded.
    mutating func uri(_ name: String, _ value: String) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendPercentEncoded(value) { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        endLine(from: start)
    }

    /// Whole lines that were written before.
    mutating func append(_ lines: [UInt8]) {
        bytes.append(contentsOf: lines)
    }

    /// A parameter value without the characters that would end it. Names of zones and languages have none.
    static func parameterValue(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy(isParameterByte)
        return isPlain ? value : String(decoding: value.utf8.filter(isParameterByte), as: UTF8.self)
    }

    private static func isParameterByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: ","): false
        default: byte > 0x20 && byte < 0x7F
        }
    }

    /// RFC 5545, section 3.3.11. Line ends of every kind become `\n`; tabs become spaces; other control characters are dropped.
    private mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { source in
            var index = 0
            while index < source.count {
                let byte = source[index]
                switch byte {
                case UInt8(ascii: "\\"), UInt8(ascii: ";"), UInt8(ascii: ","):
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(byte)
                case 0x0D, 0x0A:
                    if byte == 0x0D, index + 1 < source.count, source[index + 1] == 0x0A { index += 1 }
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(UInt8(ascii: "n"))
                case 0x09: bytes.append(0x20)
                case 0x00..<0x20, 0x7F: break
                case 0xC2 where index + 1 < source.count && source[index + 1] < 0xA0:
                    // U+0080–U+009F, two bytes.
                    index += 1
                default: bytes.append(byte)
                }
                index += 1
            }
        }
    }

    private mutating func endLine(from start: Int) {
        if bytes.count - start > Self.maximumLineLength { fold(from: start) }
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// RFC 5545, section 3.1. The space that begins a continuation counts; a UTF-8 sequence is never divided.
    private mutating func fold(from start: Int) {
        let line = Array(bytes[start...])
        bytes.removeSubrange(start...)
        var position = 0
        while line.count - position > room(at: position) {
            var end = position + room(at: position)
            while line[end] & 0xC0 == 0x80, end > position + 1 { end -= 1 }
            bytes.append(contentsOf: line[position..<end])
            bytes.append(contentsOf: [0x0D, 0x0A, 0x20])
            position = end
        }
        bytes.append(contentsOf: line[position...])
    }

    private func room(at position: Int) -> Int {
        position == 0 ? Self.maximumLineLength : Self.maximumLineLength - 1
    }
}
