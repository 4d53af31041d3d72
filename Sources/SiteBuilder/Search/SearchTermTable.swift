/// All terms of an index, each once, numbered as they come. The bytes lie one after the other in one array; a hash table with open
/// addressing finds them.
struct SearchTermTable: Sendable {
    /// A posting keeps the number of its term in 28 bits.
    private static let largestCount = 1 << 28

    private struct Term {
        var offset: UInt32
        var length: UInt8
    }

    private var terms: [Term] = []
    private var bytes: [UInt8] = []
    /// The hash of a term in the upper half, its number plus one in the lower; zero is free. The hash stands here so that a wrong slot costs
    /// no look at the term. The count is a power of two, at most half of them are taken.
    private var slots = [UInt64](repeating: 0, count: 1024)
    /// Differs in every process, so that nobody can write a text whose terms all collide. The index does not depend on it.
    private let seed = UInt64.random(in: .min ... .max)

    var count: Int { terms.count }

    func bytes(of term: Int) -> ArraySlice<UInt8> {
        let start = Int(terms[term].offset)
        return bytes[start..<start + Int(terms[term].length)]
    }

    /// The number of a term, a new one if it was not met before. Nil when the table is full; such terms are not found.
    mutating func number(of term: Span<UInt8>) -> Int? {
        let hash = hash(term)
        let mask = slots.count &- 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash {
                let number = Int(slots[slot] & 0xFFFF_FFFF) &- 1
                if equals(number, term) { return number }
            }
            slot = (slot &+ 1) & mask
        }
        guard terms.count < Self.largestCount, bytes.count < Int(UInt32.max) - 256 else { return nil }
        let number = terms.count
        terms.append(Term(offset: UInt32(truncatingIfNeeded: bytes.count), length: UInt8(truncatingIfNeeded: term.count)))
        for index in term.indices { bytes.append(term[index]) }
        slots[slot] = hash << 32 | UInt64(number &+ 1)
        if terms.count &* 2 > slots.count { grow() }
        return number
    }

    /// The numbers of all terms, sorted as JavaScript compares strings: by UTF-16 code units.
    func sorted() -> [Int] {
        // Eight bytes decide nearly always.
        var keys: [(key: UInt64, term: Int)] = []
        keys.reserveCapacity(terms.count)
        for term in terms.indices {
            let start = Int(terms[term].offset)
            var key: UInt64 = 0
            for index in 0..<8 {
                key <<= 8
                if index < Int(terms[term].length) { key |= UInt64(Self.rank(bytes[start &+ index])) }
            }
            keys.append((key, term))
        }
        keys.sort { left, right in
            if left.key != right.key { return left.key < right.key }
            return bytes(of: left.term).lexicographicallyPrecedes(bytes(of: right.term)) { Self.rank($0) < Self.rank($1) }
        }
        return keys.map(\.term)
    }

    /// UTF-8 sorts as UTF-16 does once U+E000–U+FFFF (lead bytes EE and EF) come after the characters beyond (F0–F4).
    private static func rank(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0xEE, 0xEF: byte &+ 5
        case 0xF0...0xF4: byte &- 2
        default: byte
        }
    }

    /// 32 bits: FNV-1a from the seed on, then the upper half of a product that every bit has a part in.
    private func hash(_ term: Span<UInt8>) -> UInt64 {
        var hash = seed
        for index in term.indices { hash = (hash ^ UInt64(term[index])) &* 0x100_0000_01B3 }
        return ((hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15) >> 32
    }

    private func equals(_ number: Int, _ term: Span<UInt8>) -> Bool {
        guard Int(terms[number].length) == term.count else { return false }
        let start = Int(terms[number].offset)
        for index in term.indices where bytes[start &+ index] != term[index] { return false }
        return true
    }

    private mutating func grow() {
        let taken = slots
        slots = [UInt64](repeating: 0, count: taken.count &* 2)
        let mask = slots.count &- 1
        for entry in taken where entry != 0 {
            var slot = Int(entry >> 32) & mask
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = entry
        }
    }
}
