extension [UInt8] {
    /// Appends a number in decimal with leading zeros up to `width`. A negative number is written as 0; only the last `width` digits are kept.
    package mutating func appendDigits(_ value: Int, width: Int) {
        let first = count
        var rest = Swift.max(value, 0)
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        for index in stride(from: first + width - 1, through: first, by: -1) {
            self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
