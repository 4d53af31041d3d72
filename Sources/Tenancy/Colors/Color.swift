import Glibc

/// An opaque sRGB colour with 8 bits a channel.
package struct Color: Sendable, Hashable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package static let white = Color(red: 255, green: 255, blue: 255)
    package static let black = Color(red: 0, green: 0, blue: 0)

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rgb`, `#rrggbb`, `rgb(1, 2, 3)`, `rgb(1 2 3)` or one of `Color.names`, in any case, with spaces around it.
    /// Everything else is nil: other units, transparency and missing `#` are left to the person to correct.
    package init?(_ text: String) {
        let bytes = Self.lowercasedAndTrimmed(text)
        let parsed = bytes.first == UInt8(ascii: "#") ? Self.hex(bytes.dropFirst()) : Self.named(bytes) ?? Self.rgbFunction(bytes)
        guard let parsed else { return nil }
        self = parsed
    }

    /// `#rrggbb` in lower case.
    package var hex: String {
        var text = "#"
        for channel in [red, green, blue] {
            if channel < 16 { text += "0" }
            text += String(channel, radix: 16)
        }
        return text
    }

    /// The shortest hexadecimal form CSS has for it: `#rgb` where it says the same, else `#rrggbb`.
    package var shortHex: String {
        let channels = [red, green, blue]
        guard channels.allSatisfy({ $0 % 17 == 0 }) else { return hex }
        return "#" + channels.map { String($0 / 17, radix: 16) }.joined()
    }

    /// Relative luminance, from 0 for black to 1 for white (WCAG 2.2).
    package var luminance: Double {
        0.2126 * Self.linear[Int(red)] + 0.7152 * Self.linear[Int(green)] + 0.0722 * Self.linear[Int(blue)]
    }

    /// Contrast ratio of the two colours, from 1 to 21 (WCAG 2.2).
    package func contrast(with other: Color) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// Linear light of each channel value (IEC 61966-2-1).
    static let linear: [Double] = (0...255).map { channel in
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// The names that are understood: the basic ones of CSS and gold, as it is the colour of so many schools.
    package static let names: [String: Color] = [
        "aqua": Color(red: 0, green: 255, blue: 255),
        "black": .black,
        "blue": Color(red: 0, green: 0, blue: 255),
        "fuchsia": Color(red: 255, green: 0, blue: 255),
        "gold": Color(red: 255, green: 215, blue: 0),
        "gray": Color(red: 128, green: 128, blue: 128),
        "green": Color(red: 0, green: 128, blue: 0),
        "grey": Color(red: 128, green: 128, blue: 128),
        "lime": Color(red: 0, green: 255, blue: 0),
        "maroon": Color(red: 128, green: 0, blue: 0),
        "navy": Color(red: 0, green: 0, blue: 128),
        "olive": Color(red: 128, green: 128, blue: 0),
        "orange": Color(red: 255, green: 165, blue: 0),
        "purple": Color(red: 128, green: 0, blue: 128),
        "red": Color(red: 255, green: 0, blue: 0),
        "silver": Color(red: 192, green: 192, blue: 192),
        "teal": Color(red: 0, green: 128, blue: 128),
        "white": .white,
        "yellow": Color(red: 255, green: 255, blue: 0),
    ]
}

extension Color {
    private static func lowercasedAndTrimmed(_ text: String) -> ArraySlice<UInt8> {
        var bytes = text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }[...]
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func named(_ bytes: ArraySlice<UInt8>) -> Color? {
        names[String(decoding: bytes, as: UTF8.self)]
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> Color? {
        let digits = bytes.compactMap(hexDigit)
        guard digits.count == bytes.count else { return nil }
        return switch digits.count {
        case 3: Color(red: digits[0] * 17, green: digits[1] * 17, blue: digits[2] * 17)
        case 6: Color(red: digits[0] << 4 | digits[1], green: digits[2] << 4 | digits[3], blue: digits[4] << 4 | digits[5])
        default: nil
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// `rgb(1, 2, 3)` with commas between all numbers, or `rgb(1 2 3)` with none.
    private static func rgbFunction(_ bytes: ArraySlice<UInt8>) -> Color? {
        guard bytes.starts(with: "rgb(".utf8), bytes.last == UInt8(ascii: ")") else { return nil }
        let inside = bytes.dropFirst(4).dropLast()
        let comma = UInt8(ascii: ",")
        let parts = inside.contains(comma) ? inside.split(separator: comma, omittingEmptySubsequences: false) : inside.split(whereSeparator: isSpace)
        let channels = parts.compactMap(channel)
        guard parts.count == 3, channels.count == 3 else { return nil }
        return Color(red: channels[0], green: channels[1], blue: channels[2])
    }

    /// One to three digits that make 0 to 255, with spaces around them.
    private static func channel(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        let digits = bytes.drop(while: isSpace).prefix { !isSpace($0) }
        guard bytes.drop(while: isSpace).dropFirst(digits.count).allSatisfy(isSpace) else { return nil }
        guard (1...3).contains(digits.count), digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self))
    }
}
