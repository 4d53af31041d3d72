import NIOCore
import Synchronization

/// The open connections of a server.
final class ConnectionRegistry: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let maximum: Int

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// - Returns: false if there are too many already.
    func add(_ channel: any Channel) -> Bool {
        let isAdded = channels.withLock { channels in
            guard channels.count < maximum else { return false }
            channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isAdded else { return false }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.channels.withLock { $0[ObjectIdentifier(channel)] = nil }
        }
        return true
    }

    /// Closes idle connections now and the others after their answer.
    func quiesce() {
        for channel in current { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        for channel in current { channel.close(promise: nil) }
    }

    func waitUntilEmpty(atMost time: TimeAmount) async {
        let deadline = NIODeadline.now() + time
        while !current.isEmpty, NIODeadline.now() < deadline {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    private var current: [any Channel] { channels.withLock { Array($0.values) } }
}
