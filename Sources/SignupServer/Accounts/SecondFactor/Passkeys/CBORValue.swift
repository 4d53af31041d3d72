/// A value of CBOR (RFC 8949), as far as authenticators write it (CTAP 2.1, 8: lengths are given, nothing is tagged).
indirect enum CBORValue: Sendable, Hashable {
    case unsigned(UInt64)
    /// −1 − the number.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case list([CBORValue])
    case map([CBORValue: CBORValue])
    case bool(Bool)
    case null

    /// A number of either sign.
    static func number(_ number: Int64) -> CBORValue {
        number < 0 ? .negative(UInt64(bitPattern: -1 - number)) : .unsigned(UInt64(number))
    }

    subscript(key: CBORValue) -> CBORValue? {
        if case .map(let members) = self { members[key] } else { nil }
    }

    subscript(key: String) -> CBORValue? { self[.text(key)] }

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }
}

/// Reads CBOR that somebody else has written: bounded in depth and size, and nothing in it traps.
struct CBORReader {
    /// Why something is no CBOR of ours.
    enum Failure: Error, Equatable {
        /// It ends before it should.
        case short
        case tooDeep
        /// A form that authenticators don't write: lengths left open, tags, fractions, keys that are maps or stand twice, broken UTF-8.
        case notOurs
    }

    /// Deeper than authenticators write (CTAP 2.1, 8: four).
    static let maximumDepth = 8

    private let bytes: [UInt8]
    /// Where the next value begins.
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The one value that bytes hold, with nothing after it.
    static func value(of bytes: [UInt8]) throws(Failure) -> CBORValue {
        var reader = CBORReader(bytes)
        let value = try reader.next()
        guard reader.isAtEnd else { throw .notOurs }
        return value
    }

    mutating func next() throws(Failure) -> CBORValue { try next(depth: 0) }

    private mutating func next(depth: Int) throws(Failure) -> CBORValue {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        guard let head = take(1).first else { throw .short }
        let kind = head >> 5
        guard kind != 7 else { return try simple(head) }
        let number = try argument(head & 31)
        switch kind {
        case 0: return .unsigned(number)
        case 1: return .negative(number)
        case 2: return .bytes(Array(try content(number)))
        case 3:
            guard let text = String(validating: try content(number), as: UTF8.self) else { throw .notOurs }
            return .text(text)
        case 4: return .list(try list(number, depth))
        case 5: return .map(try map(number, depth))
        default: throw .notOurs
        }
    }

    private func simple(_ head: UInt8) throws(Failure) -> CBORValue {
        switch head {
        case 0xF4: .bool(false)
        case 0xF5: .bool(true)
        case 0xF6: .null
        default: throw .notOurs
        }
    }

    private mutating func list(_ number: UInt64, _ depth: Int) throws(Failure) -> [CBORValue] {
        // Every item has a byte at least, so a list of more can't be whole.
        guard let count = Int(exactly: number), count <= bytes.count - position else { throw .short }
        var items: [CBORValue] = []
        for _ in 0..<count { items.append(try next(depth: depth + 1)) }
        return items
    }

    private mutating func map(_ number: UInt64, _ depth: Int) throws(Failure) -> [CBORValue: CBORValue] {
        guard let count = Int(exactly: number), count <= (bytes.count - position) / 2 else { throw .short }
        var members: [CBORValue: CBORValue] = [:]
        for _ in 0..<count {
            let key = try next(depth: depth + 1)
            switch key {
            case .list, .map: throw .notOurs
            default: break
            }
            guard members.updateValue(try next(depth: depth + 1), forKey: key) == nil else { throw .notOurs }
        }
        return members
    }

    /// What stands in a head's lower five bits, or in the bytes after it.
    private mutating func argument(_ low: UInt8) throws(Failure) -> UInt64 {
        guard low >= 24 else { return UInt64(low) }
        guard low <= 27 else { throw .notOurs }
        let size = 1 << Int(low - 24)
        let digits = take(size)
        guard digits.count == size else { throw .short }
        return digits.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func content(_ number: UInt64) throws(Failure) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: number), count <= bytes.count - position else { throw .short }
        return take(count)
    }

    /// As many bytes as there are, at most these.
    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return bytes[position..<end]
    }
}
