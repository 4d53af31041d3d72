package import NIOCore
import Synchronization

/// The open connections of a server.
package final class ConnectionRegistry: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let maximum: Int

    package init(maximum: Int) {
        self.maximum = maximum
    }

    /// - Returns: false if there are too many already.
    package func add(_ channel: any Channel) -> Bool {
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
    package func quiesce() {
        for channel in current { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    package func closeAll() {
        for channel in current { channel.close(promise: nil) }
    }

    package func waitUntilEmpty(atMost time: TimeAmount) async {
        let deadline = NIODeadline.now() + time
        while !current.isEmpty, NIODeadline.now() < deadline {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    package var count: Int { channels.withLock { $0.count } }

    private var current: [any Channel] { channels.withLock { Array($0.values) } }
}
