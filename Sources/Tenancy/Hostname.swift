/// A host name in the one form that the platform compares and stores: lower case, A-labels left as they are, no port, no trailing dot.
///
/// The grammar is that of RFC 1123 2.1 (letters, digits and inner hyphens, labels of 1 to 63, 253 in all). Underscores, raw UTF-8 and
/// everything else is refused rather than repaired, because every layer that repairs differently is a way around the others. A value is
/// safe as a file name: it has no slash and does not begin with a dot.
///
/// Addresses are host names too: dotted IPv4 as written, IPv6 in brackets.
package struct Hostname: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The normal form, for example `www.lincolnptsa.org`, `127.0.0.1` or `[::1]`.
    package let text: String

    /// True for an IPv4 or IPv6 address.
    package let isAddress: Bool

    /// This machine itself, under the name and the addresses that browsers use for it.
    package static let loopback: Set = [Hostname(normal: "localhost"), Hostname(address: "127.0.0.1"), Hostname(address: "[::1]")]

    /// The sites domain where there is no other: browsers and curl resolve every name below `localhost` to this machine (RFC 6761 6.3).
    package static let localSitesDomain = Hostname(normal: "sites.localhost")

    /// Reads a host without a port. One trailing dot and upper case are accepted and normalised.
    package init(_ text: some StringProtocol) throws(HostnameError) {
        try self.init(utf8: Array(text.utf8)[...])
    }

    init(utf8 bytes: ArraySlice<UInt8>) throws(HostnameError) {
        if bytes.first == UInt8(ascii: "[") {
            self.text = try Self.addressInBrackets(bytes)
            self.isAddress = true
            return
        }
        let name = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes
        guard !name.isEmpty else { throw .empty }
        guard name.count <= 253 else { throw .tooLong }
        var normal: [UInt8] = []
        normal.reserveCapacity(name.count)
        for label in name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            if !normal.isEmpty { normal.append(UInt8(ascii: ".")) }
            try Self.append(label: label, to: &normal)
        }
        self.isAddress = try Self.isIPv4(normal)
        self.text = String(decoding: normal, as: UTF8.self)
    }

    private init(normal text: String) {
        self.text = text
        self.isAddress = false
    }

    private init(address text: String) {
        self.text = text
        self.isAddress = true
    }

    package var description: String { text }

    package static func < (left: Hostname, right: Hostname) -> Bool { left.text < right.text }

    /// The host of an organization on the sites domain: `<slug>.<sites domain>`.
    /// - Throws: `tooLong` if the domain leaves no room for the slug.
    package init(slug: Slug, sitesDomain: Hostname) throws(HostnameError) {
        let text = slug.text + "." + sitesDomain.text
        guard text.utf8.count <= 253 else { throw .tooLong }
        guard !sitesDomain.isAddress else { throw .badNumber }
        self.init(normal: text)
    }

    /// The labels in front of `domain`, or nil if this host is not below it. Only whole labels count: `evilexample.org` is not below
    /// `example.org`.
    package func labels(below domain: Hostname) -> Substring? {
        let own = text.utf8
        let base = domain.text.utf8
        guard !isAddress, own.count > base.count + 1, own.reversed().starts(with: base.reversed()) else { return nil }
        let dot = own.index(own.endIndex, offsetBy: -(base.count + 1))
        return own[dot] == UInt8(ascii: ".") ? text[..<dot] : nil
    }

    /// True if the labels of `domain` stand somewhere in this name, but not at its end: `example.org.evil.net` for `example.org`.
    package func embeds(_ domain: Hostname) -> Bool {
        let own = text.split(separator: ".")
        let base = domain.text.split(separator: ".")
        guard own.count > base.count else { return false }
        return (0..<(own.count - base.count)).contains { own[$0...].starts(with: base) }
    }

    private static func append(label: ArraySlice<UInt8>, to normal: inout [UInt8]) throws(HostnameError) {
        guard let first = label.first, let last = label.last else { throw .emptyLabel }
        guard label.count <= 63 else { throw .labelTooLong }
        for byte in label {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): normal.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): normal.append(byte | 0x20)
            default: throw .badCharacter
            }
        }
        guard first != UInt8(ascii: "-"), last != UInt8(ascii: "-") else { throw .hyphenAtEdge }
    }

    /// True for four numbers from 0 to 255. A name that ends in a number otherwise would be an address in some program's eyes
    /// (WHATWG URL, "ends in a number"), and is refused.
    private static func isIPv4(_ normal: [UInt8]) throws(HostnameError) -> Bool {
        let labels = normal.split(separator: UInt8(ascii: "."))
        guard let last = labels.last, isNumber(last) || isHexNumber(last) else { return false }
        guard labels.count == 4, labels.allSatisfy(isOctet) else { throw .badNumber }
        return true
    }

    private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        label.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isHexNumber(_ label: ArraySlice<UInt8>) -> Bool {
        guard label.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) else { return false }
        return label.dropFirst(2).allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }

    /// Decimal without leading zeros, which some programs read as octal.
    private static func isOctet(_ label: ArraySlice<UInt8>) -> Bool {
        guard isNumber(label), label.count <= 3, label.count == 1 || label.first != UInt8(ascii: "0") else { return false }
        return label.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
    }

    /// An IPv6 address is never the name of a site, so its shape is checked only as far as its characters.
    private static func addressInBrackets(_ bytes: ArraySlice<UInt8>) throws(HostnameError) -> String {
        guard bytes.last == UInt8(ascii: "]"), (4...47).contains(bytes.count) else { throw .badAddress }
        var colons = 0
        var normal: [UInt8] = [UInt8(ascii: "[")]
        for byte in bytes.dropFirst().dropLast() {
            switch byte {
            case UInt8(ascii: ":"): colons += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "."): break
            case UInt8(ascii: "A")...UInt8(ascii: "F"): break
            default: throw .badAddress
            }
            normal.append((UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte) ? byte | 0x20 : byte)
        }
        guard (2...8).contains(colons) else { throw .badAddress }
        return String(decoding: normal + [UInt8(ascii: "]")], as: UTF8.self)
    }
}
