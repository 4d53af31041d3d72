import CXXHash

/// A 128-bit digest (XXH3) of some content: equal content, equal fingerprint.
///
/// It tells whether something changed and names cached files. It is no protection against somebody who searches for collisions, and it
/// needn't be: fingerprints of different tenants never meet.
package struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Fingerprint(of: $0) }
    }

    package init(of bytes: UnsafeRawBufferPointer) {
        let digest = XXH3_128bits(bytes.baseAddress, bytes.count)
        self.init(high: digest.high64, low: digest.low64)
    }

    package init(of text: String) {
        var text = text
        self = text.withUTF8 { Fingerprint(of: UnsafeRawBufferPointer($0)) }
    }

    /// 32 hexadecimal digits.
    package var description: String { Self.hex(high) + Self.hex(low) }
    /// 10 characters, enough for the name of a file among a site's own.
    package var short: String { String(Self.hex(high).prefix(10)) }

    package static func < (left: Fingerprint, right: Fingerprint) -> Bool { (left.high, left.low) < (right.high, right.low) }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Gathers the parts that a fingerprint is made of. Every part is set off from the next, so that `ab`, `c` differs from `a`, `bc`.
package struct FingerprintBuilder {
    private var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func add(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func add(_ fingerprint: Fingerprint) {
        add(fingerprint.high)
        add(fingerprint.low)
    }

    package mutating func add(_ data: [UInt8]) {
        add(UInt64(data.count))
        bytes.append(contentsOf: data)
    }

    package func finish() -> Fingerprint { Fingerprint(of: bytes) }
}
