import Crypto
import Database
import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Passkeys")
struct PasskeyTests {
    private static func options(_ path: String, _ browser: TestBrowser) async throws -> PasskeyOptions {
        let answer = try #require(await browser.get(path))
        #expect(answer.value(of: "Content-Type") == "application/json")
        #expect(answer.value(of: "Cache-Control") == "no-store")
        return try JSONDecoder().decode(PasskeyOptions.self, from: Data(answer.body.utf8))
    }

    private static let registration = "/account/second-factor/passkey"
    private static let second = "/sign-in/second-factor/passkey"
    private static let whole = "/sign-in/passkey"

    private static func device(_ factors: FactorServer, key: TestAuthenticator.Key = .es256(P256.Signing.PrivateKey())) -> TestAuthenticator {
        TestAuthenticator(rpID: "localhost", origin: "http://localhost:\(factors.accounts.server.port)", key: key)
    }

    @discardableResult
    private static func add(_ device: TestAuthenticator, _ browser: TestBrowser, count: UInt32 = 0) async throws -> RawResponse? {
        let challenge = try await options(registration, browser).challenge
        return await browser.post(registration, device.registration(challenge, TestAuthenticator.Changes(count: count)))
    }

    private static let kinds: [@Sendable () -> TestAuthenticator.Key] = [
        { .es256(P256.Signing.PrivateKey()) }, { .ed25519(Curve25519.Signing.PrivateKey()) },
    ]

    @Test("a passkey is added, is a second factor, and signs in wholly", arguments: kinds.indices)
    func wholeSignIn(kind: Int) async throws {
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors, key: Self.kinds[kind]())
            let options = try await Self.options(Self.registration, browser)
            #expect(options.rp?.id == "localhost")
            #expect(options.user?.id == Base64URL.text(ana.description.utf8))
            let added = await browser.post(Self.registration, device.registration(options.challenge, name: " My <phone> "))
            #expect(added?.status == 200)
            #expect(added?.body.recoveryCodes.count == 10)
            #expect(factors.mails == ["second-factor-passkey-added"])
            #expect(await browser.get("/account/second-factor")?.body.contains("My &lt;phone&gt;") == true)
            // As a second factor, after a link.
            let half = await factors.signInHalf()
            #expect(await half.get("/account")?.status == 303)
            let request = try await Self.options(Self.second, half)
            #expect(request.allowCredentials?.map(\.id) == [device.credential])
            let token = half.cookies["session"]
            let done = await half.post(Self.second, try device.assertion(request.challenge, of: ana.description, next: "/account?x"))
            #expect(done?.status == 303)
            #expect(done?.value(of: "Location") == "/account?x")
            #expect(await half.get("/account")?.status == 200)
            #expect(half.cookies["session"] != token)
            // Without any mail.
            let stranger = factors.accounts.browser()
            let anyone = try await Self.options(Self.whole, stranger)
            #expect(anyone.allowCredentials?.isEmpty == true && anyone.userVerification == "required" && anyone.rpId == "localhost")
            let signedIn = await stranger.post(Self.whole, try device.assertion(anyone.challenge, of: ana.description, next: "/account?y"))
            #expect(signedIn?.value(of: "Location") == "/account?y")
            #expect(await stranger.get("/account")?.status == 200)
            // It is fresh: second factors can be changed at once.
            #expect(await stranger.post("/account/second-factor/recovery-codes")?.body.recoveryCodes.count == 10)
        }
    }

    private static let badRegistrations: [(String, TestAuthenticator.Changes)] = [
        ("another type", .init(type: "webauthn.get")), ("another origin", .init(origin: "http://evil.example")),
        ("another port", .init(origin: "http://localhost:1")), ("a school's site", .init(origin: "http://oak.sites.localhost")),
        ("in a frame", .init(crossOrigin: true)), ("another host's", .init(rpID: "evil.example")), ("nobody was there", .init(flags: 0x04)),
        ("backed up, and can't be", .init(flags: 0x15)), ("an attestation", .init(format: "packed")),
        ("something after it", .init(trailing: [0])), ("extensions that are none", .init(flags: 0x85, trailing: [0x01])),
        ("no JSON", .init(clientDataText: "{\"type\":")), ("nested JSON", .init(clientDataText: String(repeating: "[", count: 8000))),
    ]

    @Test("a new passkey that is not quite right is refused", arguments: badRegistrations.indices)
    func badRegistration(index: Int) async throws {
        let (name, changes) = Self.badRegistrations[index]
        try await withFactors { factors, browser, _ in
            let device = Self.device(factors)
            let challenge = try await Self.options(Self.registration, browser).challenge
            #expect(await browser.post(Self.registration, device.registration(challenge, changes))?.status == 422, "\(name)")
            #expect(try await factors.count("passkey") == 0, "\(name)")
            // It is the change that was refused.
            #expect(await browser.post(Self.registration, device.registration(challenge))?.status == 200)
        }
    }

    private static let badAssertions: [(String, TestAuthenticator.Changes)] = [
        ("another type", .init(type: "webauthn.create")), ("another origin", .init(origin: "https://localhost")),
        ("in a frame", .init(crossOrigin: true)),
        ("another host's", .init(rpID: "evil.example")), ("nobody was there", .init(flags: 0x04)), ("backed up, and can't be", .init(flags: 0x15)),
        ("something after it", .init(trailing: [0xA0])), ("a broken signature", .init(spoilsSignature: true)),
        ("another key's signature", .init(otherSigner: TestAuthenticator(rpID: "localhost", origin: ""))),
        ("another user's", .init(user: "somebody")),
    ]

    @Test("a passkey that is not quite right proves nothing, and signs nobody in", arguments: badAssertions.indices)
    func badAssertion(index: Int) async throws {
        let (name, changes) = Self.badAssertions[index]
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors)
            try await Self.add(device, browser)
            let half = await factors.signInHalf()
            let challenge = try await Self.options(Self.second, half).challenge
            #expect(await half.post(Self.second, try device.assertion(challenge, of: ana.description, changes))?.status == 422, "\(name)")
            #expect(await half.get("/account")?.status == 303, "\(name)")
            let stranger = factors.accounts.browser()
            let other = try await Self.options(Self.whole, stranger).challenge
            #expect(await stranger.post(Self.whole, try device.assertion(other, of: ana.description, changes))?.status == 422, "\(name)")
            #expect(stranger.cookies["session"] == nil, "\(name)")
        }
    }

    @Test("without a finger, a face or a PIN it is a second factor, and no whole sign-in")
    func verification() async throws {
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors)
            try await Self.add(device, browser)
            let present = TestAuthenticator.Changes(flags: 0x01)
            let stranger = factors.accounts.browser()
            let challenge = try await Self.options(Self.whole, stranger).challenge
            #expect(await stranger.post(Self.whole, try device.assertion(challenge, of: ana.description, present))?.status == 422)
            let half = await factors.signInHalf()
            let second = try await Self.options(Self.second, half).challenge
            #expect(await half.post(Self.second, try device.assertion(second, of: ana.description, present))?.status == 303)
        }
    }

    @Test("a challenge is good once, for five minutes, for its session and for what it was made for")
    func challenges() async throws {
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors)
            try await Self.add(device, browser)
            let (half, other) = (await factors.signInHalf(), await factors.signInHalf())
            let challenge = try await Self.options(Self.second, half).challenge
            // Another session's.
            #expect(await other.post(Self.second, try device.assertion(challenge, of: ana.description))?.status == 422)
            // For signing in wholly.
            let stranger = factors.accounts.browser()
            #expect(await stranger.post(Self.whole, try device.assertion(challenge, of: ana.description))?.status == 422)
            let anyones = try await Self.options(Self.whole, stranger).challenge
            #expect(await half.post(Self.second, try device.assertion(anyones, of: ana.description))?.status == 422)
            // One that we never made.
            for made in ["", "AAAA", Base64URL.text("a.b.c.d".utf8), challenge + "AAAA"] {
                #expect(await half.post(Self.second, try device.assertion(made, of: ana.description))?.status == 422)
            }
            factors.accounts.pass(seconds: 299)
            let fields = try device.assertion(anyones, of: ana.description)
            #expect(await stranger.post(Self.whole, fields)?.status == 303)
            #expect(await factors.accounts.browser().post(Self.whole, fields)?.status == 422, "shown again")
            factors.accounts.pass(seconds: 1)
            #expect(await half.post(Self.second, try device.assertion(challenge, of: ana.description))?.status == 422, "five minutes old")
        }
    }

    @Test("of ten that show one answer at once, one is let in")
    func race() async throws {
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors)
            try await Self.add(device, browser)
            let fields = try device.assertion(try await Self.options(Self.whole, browser).challenge, of: ana.description)
            let statuses = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<10 { group.addTask { await factors.accounts.browser().post(Self.whole, fields)?.status } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 303 }.count == 1)
        }
    }

    @Test("a count that does not go up is a copy's; one that stays at zero is not counted")
    func counter() async throws {
        try await withFactors { factors, browser, ana in
            let device = Self.device(factors)
            try await Self.add(device, browser, count: 5)
            for (count, status) in [(5, 422), (0, 422), (6, 303), (6, 422), (4, 422), (1000, 303), (1000, 422), (UInt32.max, 303)] as [(UInt32, Int)]
            {
                let challenge = try await Self.options(Self.whole, browser).challenge
                let answer = await factors.accounts.browser().post(
                    Self.whole, try device.assertion(challenge, of: ana.description, TestAuthenticator.Changes(count: count)))
                #expect(answer?.status == status, "\(count)")
            }
        }
    }

    @Test("another user's passkey is no second factor of mine, nor can I remove or rename it")
    func others() async throws {
        try await withFactors { factors, browser, ana in
            let bob = try await factors.accounts.add(user: "bob@elm.example")
            let bobs = factors.accounts.browser()
            await factors.accounts.signIn("bob@elm.example", bobs)
            let (device, theirs) = (Self.device(factors), Self.device(factors))
            try await Self.add(device, browser)
            try await Self.add(theirs, bobs)
            let half = await factors.signInHalf()
            let challenge = try await Self.options(Self.second, half).challenge
            for user in [ana, bob] {
                #expect(await half.post(Self.second, try theirs.assertion(challenge, of: user.description))?.status == 422)
            }
            // The same credential can't be a second user's.
            let again = try await Self.options(Self.registration, browser).challenge
            #expect(await browser.post(Self.registration, theirs.registration(again))?.status == 422)
            let keys = try await factors.platform.database.read { try $0.rows("SELECT id FROM passkey WHERE user_id = :bob", ["bob": bob]) }
            let key: UniqueID = try #require(keys.first)["id"]
            _ = await browser.post(Self.registration + "/rename", [("passkey", key.description), ("name", "mine")])
            _ = await browser.post(Self.registration + "/remove", [("passkey", key.description)])
            #expect(try await factors.count("passkey WHERE name = 'My phone'") == 2)
            #expect(await browser.post(Self.registration + "/remove", [("passkey", "1")])?.status == 400)
        }
    }

    @Test("passkeys are listed, named and removed; with the last one the recovery codes go, and the link alone signs in")
    func list() async throws {
        try await withFactors { factors, browser, ana in
            let (phone, key) = (Self.device(factors), Self.device(factors))
            try await Self.add(phone, browser)
            #expect(try await Self.add(key, browser)?.status == 303, "there are recovery codes already")
            #expect(try await Self.options(Self.registration, browser).excludeCredentials?.count == 2)
            let ids = try await factors.platform.database.read { try $0.rows("SELECT id FROM passkey ORDER BY id").map { try $0["id"] as UniqueID } }
            #expect(
                await browser.post(Self.registration + "/rename", [("passkey", ids[0].description), ("name", " <Key>  \n ring ")])?.status == 303)
            #expect(await browser.post(Self.registration + "/rename", [("passkey", ids[0].description), ("name", " ")])?.status == 303)
            #expect(await browser.get("/account/second-factor")?.body.contains("&lt;Key&gt; ring") == true)
            #expect(await browser.post(Self.registration + "/remove", [("passkey", ids[0].description)])?.status == 303)
            #expect(await factors.signInHalf().get("/account")?.status == 303)
            #expect(await browser.post(Self.registration + "/remove", [("passkey", ids[1].description)])?.status == 303)
            #expect(factors.mails.suffix(2) == ["second-factor-passkey-removed", "second-factor-passkey-removed"])
            #expect(try await factors.count("recovery_code") == 0)
            #expect(await factors.signInHalf().get("/account")?.status == 200)
            let stranger = factors.accounts.browser()
            let challenge = try await Self.options(Self.whole, stranger).challenge
            #expect(await stranger.post(Self.whole, try phone.assertion(challenge, of: ana.description))?.status == 422)
        }
    }

    @Test("with an app that is on, a passkey is added only by whoever has just shown the app's code")
    func freshness() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            factors.accounts.pass(seconds: 300)
            let device = Self.device(factors)
            let led = try await Self.add(device, browser)
            #expect(led?.value(of: "Location")?.hasPrefix("/sign-in/second-factor?") == true)
            #expect(try await factors.count("passkey") == 0)
            _ = await browser.post("/sign-in/second-factor", [("code", app.code())])
            #expect(try await Self.add(device, browser)?.status == 303)
            #expect(try await factors.count("passkey") == 1)
        }
    }

    @Test("what is no answer of a browser is refused", arguments: ["", "!", "AAAA", "A", String(repeating: "A", count: 30_000)])
    func nonsense(text: String) async throws {
        try await withFactors { factors, browser, _ in
            let fields = ["client_data", "attestation", "credential", "authenticator_data", "signature", "user"].map { ($0, text) }
            #expect(await browser.post(Self.registration, fields)?.status == 422)
            #expect(await factors.accounts.browser().post(Self.whole, fields)?.status == 422)
            #expect(await browser.post(Self.registration)?.status == 422)
        }
    }

    @Test("a user has at most twenty")
    func maximum() async throws {
        try await withFactors { factors, browser, _ in
            for number in 1...21 {
                let status = try await Self.add(Self.device(factors), browser)?.status
                #expect(status == (number == 1 ? 200 : number == 21 ? 422 : 303))
            }
            #expect(try await factors.count("passkey") == 20)
        }
    }

    private static let keyChanges: [(CBORValue, CBORValue)] = [
        (.number(1), .number(1)), (.number(3), .number(-257)), (.number(-1), .number(2)), (.number(-2), .bytes([UInt8](repeating: 1, count: 32))),
        (.number(-2), .bytes([])), (.number(-3), .bytes([UInt8](repeating: 1, count: 31))), (.number(-3), .text("y")), (.number(-3), .null),
    ]

    @Test("a key of another kind, or a point that is not on the curve, is none", arguments: keyChanges)
    func keys(name: CBORValue, value: CBORValue) throws {
        guard case .map(var members) = TestAuthenticator(rpID: "", origin: "").publicKey else { return }
        #expect(PasskeyKey(.map(members)) != nil)
        members[name] = value
        #expect(PasskeyKey(.map(members)) == nil)
        #expect(PasskeyKey(.null) == nil && PasskeyKey(.map([:])) == nil)
    }
}

/// What a browser's script gets.
private struct PasskeyOptions: Decodable {
    struct Named: Decodable {
        let id: String
    }

    let challenge: String
    let rp: Named?
    let rpId: String?
    let user: Named?
    let excludeCredentials: [Named]?
    let allowCredentials: [Named]?
    let userVerification: String?
}
