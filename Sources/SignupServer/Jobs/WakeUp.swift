/// One sleeps, others wake it. A call that comes while nobody sleeps ends the next sleep at once.
final class WakeUp: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func call() { continuation.yield() }

    func sleep(atMost limit: Duration) async {
        let alarm = Task {
            try await Task.sleep(for: limit)
            call()
        }
        defer { alarm.cancel() }
        var calls = stream.makeAsyncIterator()
        await calls.next()
    }
}
