import Tenancy

/// Keeps programs from filling in a form, and people from noticing.
///
/// A field that only programs see, the time that filling in took, and how much came from one network raise suspicion. Nothing is dropped for
/// it: who is suspected does some work or waits, and then goes on with all that was typed. Only far too much is refused.
struct FormGuard: Sendable {
    /// What a form is protected by.
    struct Rules: Sendable {
        /// Filling it in takes no person less, in seconds; 0 for a form that a browser fills in by itself.
        var minimumSeconds: Int64 = 2
        /// By network: more is suspicious, and far more is refused.
        var suspicious = RateLimit("network, suspicious", 20, perSeconds: 3_600)
        var refused = RateLimit("network", 120, perSeconds: 3_600)
        /// From everywhere: under attack everybody works a little.
        var busy = RateLimit("all", 600, perSeconds: 3_600)
        /// By e-mail address, if the form has one.
        var email = RateLimit("email", 5, perSeconds: 3_600)
    }

    enum Verdict: Sendable {
        case passed
        /// Not before this is solved.
        case held(ProofOfWork.Challenge)
        /// Not before these seconds have passed.
        case limited(seconds: Int)
    }

    /// Names of the fields that a guarded form has besides its own.
    enum Name {
        static let token = "form_token"
        /// A trap: looks worth filling in, and no person sees it.
        static let honeypot = "fax_number"
        static let proof = "proof_token"
        static let number = "proof_number"
        static let ticket = "wait_ticket"
        static let all = [token, honeypot, proof, number, ticket]
    }

    /// A form may lie open for so many seconds without suspicion.
    private static let validSeconds: Int64 = 86_400

    let proof: ProofOfWork
    private let tokens: Signature
    private let limiter: RateLimiter
    private let now: @Sendable () -> Instant

    init(key: ServerKey, limiter: RateLimiter, now: @escaping @Sendable () -> Instant, random: SecureRandom) {
        proof = ProofOfWork(key, random: random)
        tokens = Signature(key, purpose: "form")
        self.limiter = limiter
        self.now = now
    }

    /// For a form that is shown: says when it was. One that is shown again keeps its time, so that a slip is quickly put right.
    func token(for form: String, after data: FormData? = nil) -> String {
        if let given = data?[Name.token], isKnown(given, form) { return given }
        return tokens.sign([form, String(now().seconds)])
    }

    /// Judges a form that came, and counts it.
    /// - Parameter email: in the form that is used for look-ups.
    func judge(_ data: FormData, form: String, from client: NetworkAddress?, email: String? = nil, _ rules: Rules = Rules()) -> Verdict {
        let now = now()
        let network = client?.network ?? "unknown"
        if let seconds = limiter.take(rules.refused, for: "\(form) \(network)", at: now) { return .limited(seconds: seconds) }
        let isSuspicious = [
            limiter.take(rules.suspicious, for: "\(form) \(network)", at: now) != nil,
            limiter.take(rules.busy, for: form, at: now) != nil,
            !(data[Name.honeypot] ?? "").isEmpty,
            !tookLongEnough(data[Name.token] ?? "", form, rules, now),
        ].contains(true)
        if isSuspicious, !hasDoneItsPart(data, form, now) { return .held(proof.challenge(form: form, keeping: data[Name.ticket], at: now)) }
        if let email, let seconds = limiter.take(rules.email, for: "\(form) \(email)", at: now) { return .limited(seconds: seconds) }
        return .passed
    }

    private func hasDoneItsPart(_ data: FormData, _ form: String, _ now: Instant) -> Bool {
        if let token = data[Name.proof], let number = data[Name.number], !number.isEmpty {
            return proof.accepts(token: token, number: number, form: form, at: now)
        }
        return data[Name.ticket].map { proof.accepts(ticket: $0, form: form, at: now) } ?? false
    }

    private func tookLongEnough(_ token: String, _ form: String, _ rules: Rules, _ now: Instant) -> Bool {
        guard let shown = shown(token, form) else { return false }
        // Both are cut to whole seconds: only a difference above the minimum is surely not below it.
        return rules.minimumSeconds == 0 || now.seconds - shown > rules.minimumSeconds
    }

    private func isKnown(_ token: String, _ form: String) -> Bool { shown(token, form) != nil }

    /// When the form was shown; nil for what we did not sign, for another form's, and for what is too old.
    private func shown(_ token: String, _ form: String) -> Int64? {
        guard let parts = tokens.parts(of: token), parts.count == 2, parts[0] == form, let shown = Int64(parts[1]),
            (0..<Self.validSeconds).contains(now().seconds - shown)
        else { return nil }
        return shown
    }
}
