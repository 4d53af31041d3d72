/// The pictures of a `srcset`, each with its width or density (WHATWG HTML Standard, section 4.8.4.2).
struct PictureCandidates {
    /// `address` or `address 640w`.
    private(set) var accepted: [[UInt8]] = []
    private(set) var refused: [ArraySlice<UInt8>] = []

    init(_ value: ArraySlice<UInt8>) {
        var rest = value
        while true {
            rest = rest.drop { ASCII.isSpace($0) || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return }
            var address = rest.prefix { !ASCII.isSpace($0) }
            rest = rest[address.endIndex...]
            var descriptor: ArraySlice<UInt8> = []
            if address.last == UInt8(ascii: ",") {
                while address.last == UInt8(ascii: ",") { address.removeLast() }
            } else {
                descriptor = URLPolicy.trimmed(rest.prefix { $0 != UInt8(ascii: ",") })
                rest = rest.drop { $0 != UInt8(ascii: ",") }
            }
            add(address, descriptor)
        }
    }

    private mutating func add(_ address: ArraySlice<UInt8>, _ descriptor: ArraySlice<UInt8>) {
        guard URLPolicy.isSafeImage(address), Self.isDescriptor(descriptor) else { return refused.append(address) }
        let space = descriptor.isEmpty ? [] : [UInt8(ascii: " ")]
        accepted.append(Array(address) + space + descriptor)
    }

    /// Nothing, `640w` or `1.5x`.
    private static func isDescriptor(_ descriptor: ArraySlice<UInt8>) -> Bool {
        guard let unit = descriptor.last else { return true }
        let number = descriptor.dropLast()
        guard unit == UInt8(ascii: "w") || unit == UInt8(ascii: "x"), !number.isEmpty, number.count < 10 else { return false }
        return number.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
    }
}
