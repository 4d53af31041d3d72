import Dispatch

/// Does what waits for the disk on a thread of its own: Swift's threads for tasks are as few as cores, and none may wait.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws(DatabaseError) -> Value) async throws(DatabaseError) -> Value {
    let result: Result<Value, DatabaseError> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
}
