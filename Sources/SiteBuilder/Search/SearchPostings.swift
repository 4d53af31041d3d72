/// Writes posting lists: for one term, which documents have it and how much it weighs there.
///
/// Each entry is the number `(distance - 1) * 8 + level`, where `distance` is how far its document is from the one before (the first
/// counts from -1) and `level` is `field * 2 + repeated`: field 3 title, 2 headings and tags, 1 description, 0 text, the best one of
/// the document; repeated is 1 from three occurrences on.
/// A number is written with 91 printable ASCII characters, all but the space, `!`, `"` and `\`. The last character is its rest by 64 (digits 0
/// to 63), those before are the quotient by 64 to the base 27 (digits 64 to 90), highest first. A term in every eighth document thus costs
/// a byte per document, and a reader needs no more than arithmetic.
enum SearchPostings {
    static func number(distance: Int, level: Int) -> Int { (distance &- 1) &* 8 &+ level }

    /// Bytes that `write` will take.
    static func length(of number: Int) -> Int {
        var length = 1
        var rest = number >> 6
        while rest > 0 {
            length &+= 1
            rest /= 27
        }
        return length
    }

    /// Writes a number at a position of the bytes and gives the position after it.
    static func write(_ number: Int, to bytes: inout [UInt8], at start: Int) -> Int {
        let end = start &+ length(of: number)
        var position = end &- 1
        bytes[position] = character(number & 63)
        var rest = number >> 6
        while rest > 0 {
            position &-= 1
            bytes[position] = character(64 &+ rest % 27)
            rest /= 27
        }
        return end
    }

    private static func character(_ digit: Int) -> UInt8 {
        let code = UInt8(truncatingIfNeeded: digit &+ 35)
        return code >= 0x5C ? code &+ 1 : code
    }
}
