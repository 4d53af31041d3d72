import HTTPServing
import NIOCore
import NIOPosix
import StaticSites

/// A small HTTP/1.1 server for the sites of one machine: for trying out and for writing, reached from this machine only. It listens on
/// the loopback addresses; what strangers reach stands behind a real web server.
final class HTTPServer: Sendable {
    /// Answers requests before the sites do; nil leaves a request to them.
    typealias ExtraRoutes = @Sendable (SiteRequest) async -> ServerResponse?

    /// The port it listens on: the one asked for, or the one the system chose.
    let port: Int

    private let listeners: [any Channel]
    private let connections: ConnectionRegistry
    private let group: MultiThreadedEventLoopGroup
    private let limits: ConnectionLimits

    /// Starts to listen.
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - extraRoutes: asked for every request, if given.
    static func start(
        responder: StaticResponder, port: Int, limits: ConnectionLimits = ConnectionLimits(), extraRoutes: ExtraRoutes? = nil
    ) async throws(ListenError) -> HTTPServer {
        guard (0...65535).contains(port) else { throw .other(port: port, reason: "ports go from 0 to 65535.") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: min(2, System.coreCount))
        let connections = ConnectionRegistry(maximum: limits.connections)
        let answerer = SitesAnswerer(responder: responder, extraRoutes: extraRoutes)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try HTTPPipeline.configure(channel, answerer: answerer, limits: limits, connections: connections)
                }
            }
        do {
            let first = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
            let bound = first.localAddress?.port ?? port
            // Browsers try the IPv6 address first. A machine without one is served all the same.
            let second = try? await bootstrap.bind(host: "::1", port: bound).get()
            return HTTPServer(
                port: bound, listeners: [first] + (second.map { [$0] } ?? []), connections: connections, group: group, limits: limits)
        } catch {
            try? await group.shutdownGracefully()
            throw ListenError(error, port: port)
        }
    }

    private init(
        port: Int, listeners: [any Channel], connections: ConnectionRegistry, group: MultiThreadedEventLoopGroup, limits: ConnectionLimits
    ) {
        self.port = port
        self.listeners = listeners
        self.connections = connections
        self.group = group
        self.limits = limits
    }

    /// Stops listening, lets answers under way end, and closes what is left after `ConnectionLimits.shutdown`.
    func shutdown() async {
        for listener in listeners { try? await listener.close().get() }
        connections.quiesce()
        await connections.waitUntilEmpty(atMost: limits.shutdown)
        connections.closeAll()
        try? await group.shutdownGracefully()
    }
}

/// Extra routes first, then the sites. Bodies and peers don't matter to either.
private struct SitesAnswerer: RequestAnswerer {
    let responder: StaticResponder
    let extraRoutes: HTTPServer.ExtraRoutes?

    func reply(to request: SiteRequest, body: ByteBuffer, from peer: SocketAddress?) -> ServerReply {
        guard let extraRoutes else { return .now(ServerResponse(responder.respond(to: request))) }
        return .later { [responder] in await extraRoutes(request) ?? ServerResponse(responder.respond(to: request)) }
    }

    func refusal(_ status: Int, to target: String?) -> ServerResponse {
        ServerResponse(responder.errorPage(status))
    }
}
