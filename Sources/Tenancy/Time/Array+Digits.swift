extension [UInt8] {
    /// Appends a number in decimal with leading zeros up to `width`. A negative number is written as 0; only the last `width` digits are kept.
    package mutating func appendDigits(_ value: Int, width: Int) {
        var power = 1
        for _ in 1..<Swift.max(width, 1) { power *= 10 }
        var rest = Swift.max(value, 0) % (power * 10)
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
            rest %= power
            power /= 10
        }
    }
}
