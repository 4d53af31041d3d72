package import NIOCore
import NIOHTTP1

/// What one client may cost.
package struct ConnectionLimits: Sendable {
    /// Bytes of the request line, and of one header field.
    package var line = 8 << 10
    /// Bytes of all header fields together.
    package var headers = 64 << 10
    package var headerFields = 100
    /// Bytes of a request's body, which is kept in memory until it is complete.
    package var body = 64 << 10
    package var connections = 1024
    /// Between two requests, and before the first.
    package var idle = TimeAmount.seconds(30)
    /// From a request's first byte to the end of its head, and from there to the end of its body: a client that sends a byte now and then
    /// gets no more time.
    package var request = TimeAmount.seconds(20)
    /// For each piece of an answer to be taken, see `pieceSize`: some 4 kB a second at least.
    package var write = TimeAmount.seconds(60)
    /// After the server has said its last, for the client to close.
    package var lingering = TimeAmount.seconds(2)
    /// For answers under way when the server is stopped.
    package var shutdown = TimeAmount.seconds(5)

    /// Bytes of a file that are sent at once. Smaller files are copied with their head into one packet or few.
    static let pieceSize = 256 << 10
    static let copiedFileSize = 64 << 10

    package init() {}

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = line
        configuration.maxHeaderListSize = headers
        configuration.maxHeaderFieldCount = headerFields
        return configuration
    }
}
