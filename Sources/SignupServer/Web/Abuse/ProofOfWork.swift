import Crypto
import Tenancy

/// Work that costs a browser about a second, asked of whoever behaves like a program (in the manner of ALTCHA): find the number whose hash,
/// behind the given salt, is the given one. Without a script, waiting does as well: a ticket is good after some seconds.
///
/// Both are signed with the form that they are for and the moment when they end, and good once.
struct ProofOfWork: Sendable {
    /// What a page gives to the browser.
    struct Challenge: Sendable {
        /// Signed; comes back with the answer.
        let token: String
        let salt: String
        /// SHA-256 of `<salt>:<number>`, in lower-case hexadecimal digits.
        let target: String
        /// The number is at most this.
        let maximum: Int
        /// Signed; good alone, after `waitSeconds`.
        let ticket: String
    }

    /// Half of it is tried on the average: a quarter of a second on a laptop, some seconds on an old phone.
    static let maximum = 60_000
    /// A form that had to be thought about is not lost: a new challenge is given then.
    static let validSeconds: Int64 = 600
    static let waitSeconds: Int64 = 20

    private let challenges: Signature
    private let tickets: Signature
    private let used = OnceOnly(validity: validSeconds)
    private let random: SecureRandom

    init(_ key: ServerKey, random: SecureRandom) {
        challenges = Signature(key, purpose: "proof of work")
        tickets = Signature(key, purpose: "waiting ticket")
        self.random = random
    }

    /// - Parameter ticket: from an earlier page; who has come back too early doesn't begin to wait anew.
    func challenge(form: String, keeping ticket: String? = nil, at now: Instant) -> Challenge {
        let salt = Base64URL.text(random.bytes(12))
        let number = random.bytes(4).reduce(0) { $0 << 8 | Int($1) } % (Self.maximum + 1)
        let target = Self.hash(salt, number)
        let end = String(now.seconds + Self.validSeconds)
        return Challenge(
            token: challenges.sign([form, end, salt, target]), salt: salt, target: target, maximum: Self.maximum,
            ticket: ticket.flatMap { isOpen($0, form, now) ? $0 : nil }
                ?? tickets.sign([form, String(now.seconds + Self.waitSeconds), end, Base64URL.text(random.bytes(12))]))
    }

    /// True once for each challenge, with its number, for its form, before its end.
    func accepts(token: String, number: String, form: String, at now: Instant) -> Bool {
        guard let parts = challenges.parts(of: token), parts.count == 4, parts[0] == form, isBefore(now, parts[1]),
            number.utf8.count <= 8, let number = Int(number), (0...Self.maximum).contains(number), Self.hash(parts[2], number) == parts[3]
        else { return false }
        return used.use(parts[2], at: now)
    }

    /// True once for each ticket, for its form, between its moments.
    func accepts(ticket: String, form: String, at now: Instant) -> Bool {
        guard let parts = tickets.parts(of: ticket), parts.count == 4, parts[0] == form, let start = Int64(parts[1]), now.seconds >= start,
            isBefore(now, parts[2])
        else { return false }
        return used.use(parts[3], at: now)
    }

    private func isOpen(_ ticket: String, _ form: String, _ now: Instant) -> Bool {
        guard let parts = tickets.parts(of: ticket), parts.count == 4, parts[0] == form, isBefore(now, parts[2]) else { return false }
        return !used.wasUsed(parts[3])
    }

    private func isBefore(_ now: Instant, _ end: String) -> Bool { Int64(end).map { now.seconds < $0 } ?? false }

    static func hash(_ salt: String, _ number: Int) -> String {
        Hexadecimal.text(SHA256.hash(data: Array("\(salt):\(number)".utf8)))
    }
}
