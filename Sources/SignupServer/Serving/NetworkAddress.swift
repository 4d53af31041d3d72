import Glibc
import NIOCore

/// An IP address, IPv4 and IPv6 in one form: an IPv4 address is its mapped one (`::ffff:0:0/96`, RFC 4291 2.5.5.2), however it was written.
struct NetworkAddress: Hashable, Sendable {
    /// 16, in network order.
    let bytes: [UInt8]

    init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Self.mappedPrefix + bytes.prefix(4)
        } else {
            return nil
        }
    }

    /// The other end of a connection; nil for one without an address.
    init?(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else { return nil }
        self.init(text)
    }

    /// This machine itself.
    var isLoopback: Bool {
        isIPv4 ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    var isIPv4: Bool { bytes.starts(with: Self.mappedPrefix) }

    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
}

/// All addresses that begin with the same bits: `10.0.0.0/8`, or a single one.
struct NetworkRange: Hashable, Sendable {
    private let base: NetworkAddress
    /// Of 128.
    private let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = NetworkAddress(String(parts[0])) else { return nil }
        let offset = base.isIPv4 && !parts[0].contains(":") ? 96 : 0
        guard parts.count == 2 else {
            self.base = base
            bits = 128
            return
        }
        guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let length = Int(parts[1]),
            (0...(128 - offset)).contains(length)
        else { return nil }
        self.base = base
        bits = length + offset
    }

    func contains(_ address: NetworkAddress) -> Bool {
        let whole = bits / 8
        guard address.bytes.prefix(whole) == base.bytes.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        return (address.bytes[whole] ^ base.bytes[whole]) >> (8 - UInt8(bits % 8)) == 0
    }
}
