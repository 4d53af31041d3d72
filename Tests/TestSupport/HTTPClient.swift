import Glibc

/// A client that sends exactly the bytes it is given, on a blocking socket.
package final class HTTPClient: Sendable {
    private let socketDescriptor: Int32

    /// - Parameter timeout: seconds to wait for more bytes.
    package init?(port: Int, timeout: Int = 5) {
        socketDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var time = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(socketDescriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socketDescriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(socketDescriptor)
            return nil
        }
    }

    deinit {
        Glibc.close(socketDescriptor)
    }

    /// - Returns: false if the other side has closed.
    @discardableResult
    package func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(socketDescriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Reads until the text holds `end`, until the other side closes, or until nothing comes any more.
    package func receive(until end: String? = nil) -> (text: String, isClosed: Bool) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socketDescriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return (String(decoding: received, as: UTF8.self), count == 0 || errno == ECONNRESET) }
            received += buffer[..<count]
            if let end, String(decoding: received, as: UTF8.self).contains(end) { return (String(decoding: received, as: UTF8.self), false) }
        }
    }

    /// Leaves without a word.
    package func close() {
        shutdown(socketDescriptor, Int32(SHUT_RDWR))
    }

    /// Says that nothing more comes; answers can still be read.
    package func endSending() {
        shutdown(socketDescriptor, Int32(SHUT_WR))
    }
}
