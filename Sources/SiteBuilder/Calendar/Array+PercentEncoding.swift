extension [UInt8] {
    /// Appends text with `%` and two hexadecimal digits for every byte that may not stand as it is.
    mutating func appendPercentEncoded(_ text: String, keeping isAllowed: (UInt8) -> Bool) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if isAllowed(byte) {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(digits[Int(byte >> 4)])
                append(digits[Int(byte & 15)])
            }
        }
    }
}
