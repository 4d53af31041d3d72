import NIOCore
import NIOHTTP1

/// What one client may cost.
struct ServerLimits: Sendable {
    /// Bytes of the request line, and of one header field.
    var line = 8 << 10
    /// Bytes of all header fields together.
    var headers = 64 << 10
    var headerFields = 100
    /// Bytes of a request's body. It is read and thrown away.
    var body = 64 << 10
    var connections = 1024
    /// Between two requests, and for a request's head to be complete: a client that sends a byte now and then gets no more time.
    var idle = TimeAmount.seconds(30)
    /// From the head to the end of a request's body.
    var requestBody = TimeAmount.seconds(20)
    /// For each piece of an answer to be taken, see `pieceSize`: some 4 kB a second at least.
    var write = TimeAmount.seconds(60)
    /// After the server has said its last, for the client to close.
    var lingering = TimeAmount.seconds(2)
    /// For answers under way when the server is stopped.
    var shutdown = TimeAmount.seconds(5)

    /// Bytes of a file that are sent at once. Smaller files are copied with their head into one packet or few.
    static let pieceSize = 256 << 10
    static let copiedFileSize = 64 << 10

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = line
        configuration.maxHeaderListSize = headers
        configuration.maxHeaderFieldCount = headerFields
        return configuration
    }
}
