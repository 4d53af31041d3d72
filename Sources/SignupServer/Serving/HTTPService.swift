import HTTPServing
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Listens, and gives each connection to the front door. Hummingbird accepts and stops; the connections are `HTTPServing`'s.
struct HTTPService: Service {
    private let frontDoor: FrontDoor
    private let settings: ServerSettings
    private let connections: ConnectionRegistry
    private let readiness: Readiness
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameter onListening: told the port.
    init(
        frontDoor: FrontDoor, settings: ServerSettings, connections: ConnectionRegistry, readiness: Readiness, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.frontDoor = frontDoor
        self.settings = settings
        self.connections = connections
        self.readiness = readiness
        self.logger = logger
        self.onListening = onListening
    }

    /// Throws `ListenError`. When asked to stop, accepts no more, lets answers under way end, and closes what is left after the grace time.
    func run() async throws {
        // It would write the addresses it listens on and the names of its states.
        var quietLogger = logger
        quietLogger.logLevel = max(logger.logLevel, .warning)
        let server = Server(
            childChannelSetup: ConnectionSetup(frontDoor: frontDoor, limits: settings.limits, connections: connections),
            configuration: ServerConfiguration(address: .hostname(settings.bindAddress, port: settings.port), backlog: 1024),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                logger.info("listening", metadata: ["port": .stringConvertible(port)])
                onListening(port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quietLogger)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await closeAfterGrace() }
                try await server.run()
                group.cancelAll()
            }
        } catch {
            throw ListenError(error, port: settings.port)
        }
    }

    private func closeAfterGrace() async {
        guard (try? await gracefulShutdown()) != nil else { return }
        readiness.isStopping()
        logger.info("stopping", metadata: ["connections": .stringConvertible(connections.count)])
        guard (try? await Task.sleep(for: .seconds(settings.shutdownGrace))) != nil else { return }
        connections.closeAll()
    }
}

/// Makes an accepted channel one of ours, and waits for its end.
private struct ConnectionSetup: ServerChildChannel {
    struct Connection: ServerChildChannelValue {
        let channel: any Channel
    }

    let frontDoor: FrontDoor
    let limits: ConnectionLimits
    let connections: ConnectionRegistry

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            try HTTPPipeline.configure(channel, answerer: frontDoor, limits: limits, connections: connections)
            return Connection(channel: channel)
        }
    }

    func handle(value connection: Connection, logger: Logger) async {
        try? await connection.channel.closeFuture.get()
    }
}
