/// A host with an optional port, as in a Host header, `:authority` or an absolute URL (RFC 9110 7.2, RFC 3986 3.2). User information
/// (`user@`) is refused.
package struct Authority: Hashable, Sendable {
    package let host: Hostname

    /// What was written after the colon. For information only: the port in a Host header is chosen by the client, so it never decides
    /// about a tenant and never goes into a generated link.
    package let port: UInt16?

    package init(_ text: some StringProtocol) throws(HostnameError) {
        let bytes = Array(text.utf8)
        // In `[::1]:8080` the colons of the address come before the bracket.
        let afterAddress = bytes.lastIndex(of: UInt8(ascii: "]")) ?? bytes.startIndex
        guard let colon = bytes[afterAddress...].firstIndex(of: UInt8(ascii: ":")) else {
            self.host = try Hostname(utf8: bytes[...])
            self.port = nil
            return
        }
        self.host = try Hostname(utf8: bytes[..<colon])
        self.port = try Self.port(bytes[(colon + 1)...])
    }

    /// Digits only; nothing at all means the scheme's own port (RFC 3986 3.2.3).
    private static func port(_ digits: ArraySlice<UInt8>) throws(HostnameError) -> UInt16? {
        guard !digits.isEmpty else { return nil }
        guard digits.count <= 5 else { throw .badPort }
        var value: UInt32 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { throw .badPort }
            value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
        }
        guard let port = UInt16(exactly: value) else { throw .badPort }
        return port
    }
}
