/// RFC 2045, 6.7.
enum QuotedPrintable {
    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let lineLength = 76

    /// - Parameter lines: without their ends; each gets a CRLF. No line is longer than 76 characters.
    static func encode(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        var output: [UInt8] = []
        for line in lines {
            append(line, to: &output)
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func append(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var length = 0
        for index in line.indices {
            let byte = line[index]
            let isLast = index == line.endIndex - 1
            let mayStay = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || (byte == 0x20 || byte == 0x09) && !isLast
            // A line that goes on ends with `=`.
            if length + (mayStay ? 1 : 3) > (isLast ? lineLength : lineLength - 1) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                length = 0
            }
            // What mail programs change at the start of a line: a dot, and `From `.
            if mayStay, length > 0 || byte != UInt8(ascii: ".") && byte != UInt8(ascii: "F") {
                output.append(byte)
                length += 1
            } else {
                output += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
                length += 3
            }
        }
    }

    /// What is not encoded properly stays as it is.
    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let following = bytes[(index + 1)...].prefix(2)
            if bytes[index] != UInt8(ascii: "=") {
                output.append(bytes[index])
                index += 1
            } else if following.first == 0x0A {
                index += 2
            } else if following.elementsEqual([0x0D, 0x0A]) {
                index += 3
            } else if following.count == 2, let high = following.first.flatMap(value(of:)), let low = following.last.flatMap(value(of:)) {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
