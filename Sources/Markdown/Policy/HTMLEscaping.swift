extension [UInt8] {
    /// Appends text or an attribute's value as the input has it: references stay references, all else that means something in HTML
    /// is escaped, control characters are left out.
    mutating func appendHTML(source: ArraySlice<UInt8>) {
        var start = source.startIndex
        var index = start
        while index < source.endIndex {
            guard needsCare(source[index]) else {
                index += 1
                continue
            }
            append(contentsOf: source[start..<index])
            if source[index] == UInt8(ascii: "&"), let reference = CharacterReference(startOf: source[index...]) {
                let end = index + reference.length
                switch reference.meaning {
                case .scalar(let scalar) where source[index + 1] == UInt8(ascii: "#"): append(scalar: scalar)
                case .scalar, .name: append(contentsOf: source[index..<end])
                }
                index = end
            } else {
                append(escaped: source[index])
                index += 1
            }
            start = index
        }
        append(contentsOf: source[start...])
    }

    /// Appends plain text, in which `&` is an ampersand.
    mutating func appendHTML(plain text: some Sequence<UInt8>) {
        for byte in text {
            if needsCare(byte) { append(escaped: byte) } else { append(byte) }
        }
    }

    private mutating func append(scalar: Unicode.Scalar) {
        guard let bytes = UTF8.encode(scalar) else { return }
        appendHTML(plain: bytes)
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "<"): append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "&"): append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "\""): append(contentsOf: "&quot;".utf8)
        default: break  // A control character. A carriage return goes as well: the line feed after it stays.
        }
    }
}

/// Whether a byte cannot be copied as it is: `< > & "` and control characters but tab and line feed.
@inline(__always)
private func needsCare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""): true
    case 0x09, 0x0A: false
    default: byte < 0x20 || byte == 0x7F
    }
}
