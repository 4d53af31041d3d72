/// Where secrets and ids come from: the system's generator, or a test's.
struct SecureRandom: RandomNumberGenerator, Sendable {
    private let source: @Sendable () -> UInt64

    init(_ source: @escaping @Sendable () -> UInt64) {
        self.source = source
    }

    /// Fit for secrets (getrandom(2)).
    static let system = SecureRandom { UInt64.random(in: 0 ... .max) }

    func next() -> UInt64 { source() }

    func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: source()) }
    }
}
