/// A digest of a value, the same in every run.
///
/// The hashing of texts is passed in, so that this module needs no hash of its own.
extension TemplateValue {
    package typealias Digest = (high: UInt64, low: UInt64)

    package func digest(_ hash: (UnsafeBufferPointer<UInt8>) -> Digest) -> Digest {
        switch self {
        case .none: return (0x9E37_79B9_7F4A_7C15, 1)
        case .bool(let value): return value ? (0xC2B2_AE3D_27D4_EB4F, 2) : (0x1656_67B1_9E37_79F9, 3)
        case .text(var text): return Self.mix(text.withUTF8(hash), with: 4)
        case .html(let html): return Self.mix(html.withUnsafeBufferPointer(hash), with: 5)
        case .list(let items):
            var sum: Digest = (6, UInt64(items.count))
            for item in items {
                let part = item.digest(hash)
                sum = Self.mix((sum.high &* 31 &+ part.high, sum.low ^ part.low), with: 7)
            }
            return sum
        case .object(let object):
            var sum: Digest = (8, UInt64(object.members.count))
            for member in object.members {
                let part = member.value.digest(hash)
                let name = member.name.hash
                sum = Self.mix((sum.high &* 31 &+ part.high &+ name, sum.low ^ part.low &+ name &* 0xC2B2_AE3D_27D4_EB4F), with: 9)
            }
            return Self.mix(sum, with: 10)
        }
    }

    /// Spreads every bit of the input over the output (the finalizer of SplitMix64, once per half).
    private static func mix(_ value: Digest, with salt: UInt64) -> Digest {
        func spread(_ input: UInt64) -> UInt64 {
            var z = input &+ 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        return (spread(value.high ^ salt &* 0xD6E8_FEB8_6659_FD93 ^ (value.low << 1 | value.low >> 63)), spread(value.low &+ salt &+ value.high &* 3))
    }
}
