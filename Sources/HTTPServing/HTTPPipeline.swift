package import NIOCore
import NIOHTTP1

/// Makes a fresh channel speak HTTP/1.1.
package enum HTTPPipeline {
    /// Call it on the channel's event loop. A channel too many is closed.
    package static func configure(
        _ channel: any Channel, answerer: any RequestAnswerer, limits: ConnectionLimits, connections: ConnectionRegistry
    ) throws {
        guard connections.add(channel) else { return channel.close(promise: nil) }
        let connection = HTTPConnection(answerer: answerer, limits: limits, peer: channel.remoteAddress)
        try channel.pipeline.syncOperations.addHandlers([
            ArrivalHandler(connection: connection),
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.decoder)),
            HTTPServerPipelineHandler(),
            NIOHTTPResponseHeadersValidator(),
            connection,
        ])
    }
}
