import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Keeping programs out")
struct AbuseTests {
    private static let start = Instant(seconds: 1_800_000_000)
    private static let key = ServerKey(Array(repeating: 7, count: 32))

    @Test("a bucket gives what it has, and fills up evenly")
    func buckets() {
        let limiter = RateLimiter()
        let limit = RateLimit("test", 3, perSeconds: 60)
        func take(_ seconds: Int64, _ who: String = "a") -> Int? { limiter.take(limit, for: who, at: Self.start.adding(seconds: seconds)) }
        #expect((0..<3).map { _ in take(0) } == [nil, nil, nil])
        #expect(take(0) == 20)
        #expect(take(0, "b") == nil)
        #expect(take(15) == 5)
        #expect(take(20) == nil)
        #expect(take(20) == 20)
        // After a long time there is no more than at first, and a clock that was set back neither gives nor takes.
        #expect((0..<4).map { _ in take(10_000) == nil } == [true, true, true, false])
        #expect(take(0) == 20)
        #expect(take(20) == nil)
    }

    @Test("memory is bounded, and whoever keeps coming is not forgotten")
    func capacity() {
        let limiter = RateLimiter(capacity: 100)
        let limit = RateLimit("test", 2, perSeconds: 3_600)
        #expect(limiter.take(limit, for: "regular", at: Self.start) == nil)
        #expect(limiter.take(limit, for: "regular", at: Self.start) == nil)
        for number in 0..<10_000 {
            _ = limiter.take(limit, for: "\(number)", at: Self.start)
            if number.isMultiple(of: 50) { #expect(limiter.take(limit, for: "regular", at: Self.start) != nil) }
            #expect(limiter.count <= 200)
        }
    }

    @Test("a network is 24 bits of IPv4 and 64 of IPv6", arguments: pairs)
    func networks(one: String, other: String, isSame: Bool) throws {
        let (one, other) = (try #require(NetworkAddress(one)), try #require(NetworkAddress(other)))
        #expect((one.network == other.network) == isSame)
    }

    private static let pairs = [
        ("192.0.2.1", "192.0.2.254", true), ("192.0.2.1", "192.0.3.1", false), ("192.0.2.1", "::ffff:192.0.2.9", true),
        ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8:0:1::1", "2001:db8:0:2::1", false), ("::1", "0.0.0.1", false),
    ]

    @Test("what a signature covers can't be changed, moved or used for something else")
    func signatures() {
        let signature = Signature(Self.key, purpose: "one")
        let text = signature.sign(["a", "bc", "1"])
        #expect(signature.parts(of: text) == ["a", "bc", "1"])
        #expect(Signature(Self.key, purpose: "two").parts(of: text) == nil)
        #expect(Signature(ServerKey(Array(repeating: 8, count: 32)), purpose: "one").parts(of: text) == nil)
        for changed in [
            text.replacing("bc", with: "bd"), text.replacing("a.bc", with: "ab.c"), text + "A", String(text.dropLast()), "." + text, "", ".",
        ] {
            #expect(signature.parts(of: changed) == nil, "\(changed)")
        }
        // A dot in a part would be a border.
        #expect(signature.parts(of: signature.sign(["a.b", "c"])) == ["ab", "c"])
        #expect(signature.parts(of: signature.sign([""])) == [""])
    }

    @Test("work is accepted once, for its form, with its number; a ticket after its time")
    func work() throws {
        let proof = ProofOfWork(Self.key, random: .system)
        let challenge = proof.challenge(form: "sign-up", at: Self.start)
        let number = try #require(challenge.solution)
        for wrong in ["", "-1", "x", String(ProofOfWork.maximum + 1), "99999999999999999999", number == "0" ? "1" : "0", "+\(number)x"] {
            #expect(!proof.accepts(token: challenge.token, number: wrong, form: "sign-up", at: Self.start), "\(wrong)")
        }
        #expect(proof.accepts(token: challenge.token, number: number, form: "sign-up", at: Self.start))
        #expect(!proof.accepts(token: challenge.token, number: number, form: "sign-up", at: Self.start.adding(seconds: 599)))
        func ticket(_ seconds: Int64, _ form: String = "sign-up") -> Bool {
            proof.accepts(ticket: challenge.ticket, form: form, at: Self.start.adding(seconds: seconds))
        }
        #expect(!ticket(19) && !ticket(600) && !ticket(30, "sign-in"))
        #expect(ticket(20))
        #expect(!ticket(21))
    }

    @Test("what was used is remembered as long as it is valid, in bounded memory")
    func onceOnly() {
        let once = OnceOnly(validity: 600, capacity: 3)
        #expect(once.use("a", at: Self.start))
        #expect(!once.use("a", at: Self.start.adding(seconds: 599)))
        #expect(!once.use("a", at: Self.start.adding(seconds: 600)))
        #expect(once.use("b", at: Self.start.adding(seconds: 601)) && once.use("c", at: Self.start.adding(seconds: 602)))
        #expect(once.use("d", at: Self.start.adding(seconds: 603)))
        #expect(!once.use("e", at: Self.start.adding(seconds: 604)))
        #expect(once.use("e", at: Self.start.adding(seconds: 1_300)))
    }

    private static func judge(_ guards: FormGuard, _ fields: [(String, String)], client: String = "192.0.2.1", email: String? = nil) throws -> String
    {
        switch guards.judge(try FormData(fields: fields), form: "sign-up", from: NetworkAddress(client), email: email) {
        case .passed: "passed"
        case .held: "held"
        case .limited: "limited"
        }
    }

    @Test("a filled trap, a missing or foreign token and an old page are held; so is a network that sends much; far more is refused")
    func suspicion() throws {
        let now = Shared(Self.start)
        let guards = FormGuard(key: Self.key, limiter: RateLimiter(), now: { now.value }, random: .system)
        let token = guards.token(for: "sign-up")
        let other = guards.token(for: "sign-in")
        now.change { $0 = $0.adding(seconds: 10) }
        #expect(try Self.judge(guards, [("form_token", token), ("fax_number", "")]) == "passed")
        #expect(try Self.judge(guards, [("form_token", token), ("fax_number", "1")]) == "held")
        #expect(try Self.judge(guards, []) == "held")
        #expect(try Self.judge(guards, [("form_token", other)]) == "held")
        #expect(try Self.judge(guards, [("form_token", token), ("form_token", token)]) == "held")
        now.change { $0 = $0.adding(seconds: 86_400) }
        #expect(try Self.judge(guards, [("form_token", token)]) == "held")
        let fresh = guards.token(for: "sign-up")
        now.change { $0 = $0.adding(seconds: 10) }
        let verdicts = try (0..<130).map { _ in try Self.judge(guards, [("form_token", fresh)], client: "198.51.100.7") }
        #expect(verdicts.prefix(20).allSatisfy { $0 == "passed" })
        #expect(verdicts[20..<120].allSatisfy { $0 == "held" })
        #expect(verdicts[120...].allSatisfy { $0 == "limited" })
        #expect(try Self.judge(guards, [("form_token", fresh)], client: "203.0.113.7") == "passed")
    }

    @Test("a page that is shown again keeps the time at which it was shown first")
    func shownAgain() throws {
        let now = Shared(Self.start)
        let guards = FormGuard(key: Self.key, limiter: RateLimiter(), now: { now.value }, random: .system)
        let first = guards.token(for: "sign-up")
        now.change { $0 = $0.adding(seconds: 30) }
        #expect(guards.token(for: "sign-up", after: try FormData(fields: [("form_token", first)])) == first)
        #expect(guards.token(for: "sign-in", after: try FormData(fields: [("form_token", first)])) != first)
        #expect(guards.token(for: "sign-up", after: try FormData(fields: [("form_token", "sign-up.1.x")])) != first)
    }

    @Test("a thousand forms from one network bring few mails, and the server stays up")
    func flood() async throws {
        try await withAccounts { accounts in
            for number in 0..<30 { try await accounts.add(user: "user-\(number)@oak.example") }
            let token = accounts.server.server.web.formGuard.token(for: "sign-in")
            let statuses = await withTaskGroup(of: [Int].self) { group in
                for worker in 0..<20 {
                    group.addTask {
                        var statuses: [Int] = []
                        for number in 0..<50 {
                            let fields = [("email", "user-\((worker + number) % 30)@oak.example"), ("form_token", token)]
                            statuses.append(await accounts.browser().post("/sign-in", fields)?.status ?? 0)
                        }
                        return statuses
                    }
                }
                return await group.reduce(into: [Int: Int]()) { counts, part in part.forEach { counts[$0, default: 0] += 1 } }
            }
            // Held ones get the page with the work, and 200.
            #expect(statuses == [303: 20, 200: 100, 429: 880])
            #expect(accounts.mails.value.count == 20)
            #expect(await accounts.server.get("/health")?.status == 200)
        }
    }

    @Test("the page that holds a form keeps every answer, and its work sends it on")
    func held() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            let page = await browser.post("/sign-in", [("email", "ana@oak.example"), ("next", "/account?a=\"1\""), ("fax_number", "x")])
            let body = try #require(page?.body)
            #expect(page?.status == 200)
            func value(_ name: String) -> String? {
                body.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().first?.components(separatedBy: "\"").first
            }
            #expect(value("email") == "ana@oak.example" && value("next") == "/account?a=&quot;1&quot;" && value("fax_number") == nil)
            let salt = try #require(body.firstMatch(of: /data-salt="([^"]+)"/)).output.1
            let target = try #require(body.firstMatch(of: /data-target="([^"]+)"/)).output.1
            let number = try #require((0...ProofOfWork.maximum).first { ProofOfWork.hash(String(salt), $0) == target })
            let fields = [("email", "ana@oak.example"), ("proof_token", value("proof_token") ?? ""), ("proof_number", "\(number)")]
            #expect(await browser.post("/sign-in", fields)?.status == 303)
            #expect(await browser.post("/sign-in", fields)?.status == 200, "a proof is good once")
            // Without a script, waiting does.
            let ticket = [
                ("email", "ana@oak.example"), ("proof_token", value("proof_token") ?? ""), ("proof_number", ""),
                ("wait_ticket", value("wait_ticket") ?? ""),
            ]
            let early = await browser.post("/sign-in", ticket)
            #expect(early?.status == 200 && early?.body.contains(value("wait_ticket") ?? "none") == true, "it goes on waiting")
            accounts.pass(seconds: 20)
            #expect(await browser.post("/sign-in", ticket)?.status == 303)
            #expect(await browser.post("/sign-in", ticket)?.body.contains(value("wait_ticket") ?? "") == false, "a ticket is good once")
            // A held form can't go on by leaving out what betrayed it.
            let token = accounts.server.server.web.formGuard.token(for: "sign-in")
            let caught = await browser.post("/sign-in", [("email", "ana@oak.example"), ("form_token", token), ("fax_number", "x")])
            #expect(caught?.body.contains("form_token") == false)
            #expect(accounts.mails.value.count == 2)
        }
    }
}
