/// What a Range header asks of a representation (RFC 9110 14.2).
enum ByteRange: Equatable {
    /// Send everything: no range, another unit, several ranges, or nonsense.
    case whole
    /// Send these bytes, 206.
    case part(offset: Int, count: Int)
    /// Nothing of it exists, 416.
    case unsatisfiable

    init(_ header: String, size: Int) {
        self = Self.parse(header, size: size)
    }

    private static func parse(_ header: String, size: Int) -> ByteRange {
        let unit = "bytes="
        guard header.utf8.count > unit.utf8.count, header.prefix(unit.count).lowercased() == unit else { return .whole }
        let specification = header.dropFirst(unit.count)
        guard !specification.utf8.contains(UInt8(ascii: ",")) else { return .whole }
        let ends = specification.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimmingSpaces() }
        guard ends.count == 2 else { return .whole }
        if ends[0].isEmpty {
            guard let suffix = number(ends[1]) else { return .whole }
            guard suffix > 0, size > 0 else { return .unsatisfiable }
            let count = min(suffix, size)
            return .part(offset: size - count, count: count)
        }
        guard let first = number(ends[0]) else { return .whole }
        let last = ends[1].isEmpty ? Int.max : number(ends[1])
        guard let last, last >= first else { return .whole }
        guard first < size else { return .unsatisfiable }
        return .part(offset: first, count: min(last, size - 1) - first + 1)
    }

    /// Digits only; a number too large to hold is as good as the largest.
    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits) ?? Int.max
    }
}
