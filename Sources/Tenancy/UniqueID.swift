/// A UUID (RFC 9562): 128 bits that no two things share.
///
/// New ones are of version 7: they begin with the time, so that they sort by it and lie together in an index, and end in 74 random bits.
/// The text is lower-case, as RFC 9562, 4 asks of those who write it.
package struct UniqueID: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// A new one, version 7 (RFC 9562, 5.7). The clock counts whole seconds, so the milliseconds are always zero; a moment before 1970 counts
    /// as 1970.
    package init(at now: Instant, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(now.seconds, 0)) * 1000
        high = milliseconds << 16 | 0x7000 | random.next(upperBound: UInt64(0x1000))
        low = 0x8000_0000_0000_0000 | random.next() >> 2
    }

    /// Reads the text form, of any version. Nil for everything but 36 lower-case characters with hyphens in their places: one thing has one
    /// text, so texts can be compared.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length else { return nil }
        var halves: [UInt64] = [0, 0]
        var digits = 0
        for (position, byte) in text.utf8.enumerated() {
            guard !Self.hyphens.contains(position) else {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            halves[digits / 16] = halves[digits / 16] << 4 | UInt64(digit)
            digits += 1
        }
        high = halves[0]
        low = halves[1]
    }

    private static let length = 36
    private static let hyphens = [8, 13, 18, 23]
}

extension UniqueID: Comparable {
    /// By the number, which is also the order of the texts and, for version 7, of the times.
    package static func < (left: UniqueID, right: UniqueID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension UniqueID: CustomStringConvertible {
    /// `0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c`
    package var description: String {
        String(unsafeUninitializedCapacity: Self.length) { output in
            var digit = 0
            for position in 0..<Self.length {
                guard !Self.hyphens.contains(position) else {
                    output[position] = UInt8(ascii: "-")
                    continue
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> (60 - 4 * (digit % 16)) & 0xF)
                output[position] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                digit += 1
            }
            return Self.length
        }
    }
}

extension UniqueID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = UniqueID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID in lower case")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
