/// Which addresses an editor may write as a link, a picture or an embed.
///
/// The rules follow how a browser reads an address (WHATWG URL Standard, section 4.4), and are stricter where browsers
/// are lenient: an address with a control character or a backslash is refused, never repaired.
/// The functions take any bytes and look at every byte at most twice.
package enum URLPolicy {
    /// What an address leads to.
    package enum Kind: Sendable, Equatable {
        /// No bytes at all: the page itself.
        case empty
        /// `#part`: a place on the same page.
        case fragment
        /// A path on the same site, relative or from the root, perhaps with a query: `about/`, `/news/?page=2`, `?x=1`.
        case sitePath
        /// `https://…`, `http://…` or `//host…`.
        case external
        /// `mailto:…`.
        case mail
        /// `tel:…`.
        case phone
        /// Everything else: another scheme, a control character, a backslash.
        case unsafe
    }

    /// Whether an address may stand in `href`: on this site, `http`, `https`, `mailto` or `tel`.
    package static func isSafeLink(_ address: some Collection<UInt8>) -> Bool {
        kind(of: address) != .unsafe
    }

    /// Whether an address may be a picture's: on this site only, so that reading a page tells nobody else about it.
    package static func isSafeImage(_ address: some Collection<UInt8>) -> Bool {
        kind(of: address) == .sitePath
    }

    /// What an address leads to, as a browser would understand it.
    package static func kind(of address: some Collection<UInt8>) -> Kind {
        // Other modules call this for every link: a generic walk over their bytes would cost a hundred times as much.
        address.withContiguousStorageIfAvailable { kind(ofBytes: $0) } ?? Array(address).withUnsafeBufferPointer { kind(ofBytes: $0) }
    }

    private static func kind(ofBytes address: UnsafeBufferPointer<UInt8>) -> Kind {
        guard let first = address.first else { return .empty }
        guard !address.contains(where: isRefused) else { return .unsafe }
        switch first {
        case UInt8(ascii: "#"): return .fragment
        case UInt8(ascii: "/"): return address.dropFirst().first == UInt8(ascii: "/") ? .external : .sitePath
        case UInt8(ascii: " "): return .unsafe  // A browser skips it, and what follows may be a scheme.
        default: break
        }
        guard let colon = schemeEnd(of: address) else { return .sitePath }
        let rest = address[address.index(after: colon)...]
        return kind(scheme: address[..<colon], rest: rest)
    }

    /// An address without the white space around it, which a browser ignores as well.
    package static func trimmed<Address: BidirectionalCollection<UInt8>>(_ address: Address) -> Address.SubSequence {
        guard let start = address.firstIndex(where: { $0 > 0x20 }), let last = address.lastIndex(where: { $0 > 0x20 }) else {
            return address[address.endIndex...]
        }
        return address[start...last]
    }

    private static func kind(scheme: Slice<UnsafeBufferPointer<UInt8>>, rest: Slice<UnsafeBufferPointer<UInt8>>) -> Kind {
        if equals(scheme, "https") || equals(scheme, "http") {
            // Without the slashes a browser may read it as a path on this site, or as a host: nobody means that.
            return rest.starts(with: "//".utf8) ? .external : .unsafe
        }
        if equals(scheme, "mailto") { return .mail }
        if equals(scheme, "tel") { return .phone }
        return .unsafe
    }

    /// The colon after the scheme, or nil when the address has none: `[A-Za-z][A-Za-z0-9+.-]*:` (RFC 3986, section 3.1).
    private static func schemeEnd(of address: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = address.first, ASCII.isLetter(first) else { return nil }
        guard let end = address.firstIndex(where: { !isSchemeByte($0) }), address[end] == UInt8(ascii: ":") else { return nil }
        return end
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// Control characters hide a scheme from a reader, and a backslash counts as a slash in a browser.
    private static func isRefused(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\")
    }

    private static func equals(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ lowercase: StaticString) -> Bool {
        lowercase.withUTF8Buffer { bytes.elementsEqual($0) { ASCII.lowercased($0) == $1 } }
    }
}
