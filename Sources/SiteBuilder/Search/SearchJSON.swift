/// JSON (RFC 8259) as it is written, in UTF-8.
struct SearchJSON {
    private(set) var bytes: [UInt8] = []

    /// Adds finished JSON.
    mutating func add(_ json: String) {
        bytes.append(contentsOf: json.utf8)
    }

    /// Adds finished JSON.
    mutating func add(_ json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    /// Adds a string of which is known that nothing in it wants escaping.
    mutating func addQuoted(_ text: ArraySlice<UInt8>) {
        bytes.append(0x22)
        bytes.append(contentsOf: text)
        bytes.append(0x22)
    }

    mutating func addString(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case ..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                add("\\u00")
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// Adds the elements with commas between.
    mutating func addList<Elements: Sequence>(_ elements: Elements, _ addElement: (inout SearchJSON, Elements.Element) -> Void) {
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(0x2C) }
            isFirst = false
            addElement(&self, element)
        }
    }
}
