import Synchronization

/// Names for requests: each is given once in a process, and tells neither the time nor how many there were.
final class RequestIDs: Sendable {
    private let count: Atomic<UInt64>

    /// - Parameter start: random, so that two processes give different names.
    init(start: UInt64) {
        count = Atomic(start)
    }

    /// 13 characters of `0-9a-v`.
    func next() -> String {
        // SplitMix64's last step: a bijection, so no two counts give the same name.
        var mixed = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return String(unsafeUninitializedCapacity: 13) { buffer in
            for position in 0..<13 {
                let digit = UInt8(truncatingIfNeeded: mixed & 31)
                mixed >>= 5
                buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 13
        }
    }
}
