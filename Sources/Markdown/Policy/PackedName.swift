/// An element's or attribute's name in lower case, packed so that comparing and looking up names allocates nothing.
struct PackedName: Hashable, Sendable {
    static let maximumLength = 32

    private var words = SIMD4<UInt64>(repeating: 0)

    /// Nil when the name is longer than any name a policy knows.
    init?(_ name: some Collection<UInt8>) {
        guard name.count <= Self.maximumLength else { return nil }
        var word: UInt64 = 0
        var index = 0
        for byte in name {
            word = word << 8 | UInt64(ASCII.lowercased(byte))
            index += 1
            if index & 7 == 0 {
                words[index / 8 - 1] = word
                word = 0
            }
        }
        if index & 7 != 0 { words[index / 8] = word << UInt64(64 - (index & 7) * 8) }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words[0] ^ words[1] &* 31)
        hasher.combine(words[2] ^ words[3] &* 31)
    }

    /// The names of an enumeration's cases, for looking them up.
    static func table<Value: RawRepresentable<String> & CaseIterable>(of _: Value.Type) -> [PackedName: Value] {
        var table: [PackedName: Value] = [:]
        for value in Value.allCases {
            if let name = PackedName(value.rawValue.utf8) { table[name] = value }
        }
        return table
    }
}
