import Database
import SiteBuilder
import Templating
import Tenancy

/// A credential that a user's device keeps (WebAuthn). Nobody can be talked into reading one out, and it works on this host alone.
struct Passkey: Sendable, Hashable {
    let id: UniqueID
    /// The authenticator's own id of it, base64url.
    let credential: String
    /// The user's own word for it.
    let name: String
    let created: Instant
    let lastUsed: Instant?

    init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        credential = try row["credential_id"]
        name = try row["name"]
        created = try row["created_at"]
        lastUsed = try row["last_used_at"]
    }

    func value(_ strings: UIStrings) -> TemplateValue {
        [
            "passkey": .text(id.description), "name": .text(name),
            "created": .text(strings("passkey.created", ["date": String("\(created)".prefix(10))])),
            "used": .text(
                lastUsed.map { strings("passkey.used", ["date": String("\($0)".prefix(10))]) } ?? strings("passkey.not_used")),
        ]
    }
}

/// What a browser sends of a new passkey.
struct PasskeyRegistration: Sendable {
    let clientData: [UInt8]
    let attestation: [UInt8]
    let name: String

    /// Nil if it is not of that form.
    init?(_ data: FormData) {
        guard let clientData = data["client_data"].flatMap({ Base64URL.bytes($0) }),
            let attestation = data["attestation"].flatMap({ Base64URL.bytes($0) })
        else { return nil }
        self.clientData = clientData
        self.attestation = attestation
        name = Passkeys.name(data["name"] ?? "")
    }
}

/// What a browser sends of a passkey that is used.
struct PasskeyAssertion: Sendable {
    /// base64url
    let credential: String
    let clientData: [UInt8]
    let authenticatorData: [UInt8]
    let signature: [UInt8]
    /// Whom the passkey was made for; some authenticators leave it out.
    let user: String

    /// Nil if it is not of that form.
    init?(_ data: FormData) {
        guard let credential = data["credential"], Base64URL.bytes(credential) != nil, !credential.isEmpty,
            let clientData = data["client_data"].flatMap({ Base64URL.bytes($0) }),
            let authenticatorData = data["authenticator_data"].flatMap({ Base64URL.bytes($0) }),
            let signature = data["signature"].flatMap({ Base64URL.bytes($0) })
        else { return nil }
        self.credential = credential
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        user = String(validating: data["user"].flatMap { Base64URL.bytes($0) } ?? [], as: UTF8.self) ?? ""
    }
}

/// Passkeys: the rules and the SQL.
struct Passkeys: Sendable {
    /// Of one user.
    static let maximum = 20
    private static let longestName = 60

    private let platform: Platform
    private let factor: SecondFactor
    private let challenges: PasskeyChallenges

    init(_ platform: Platform, key: ServerKey, factor: SecondFactor) {
        self.platform = platform
        self.factor = factor
        challenges = PasskeyChallenges(key)
    }

    /// The port, which is part of the origin, is known when the server listens.
    private var party: RelyingParty { RelyingParty(id: platform.settings.appHost.text, origin: platform.addresses.app) }

    static func name(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(longestName))
    }

    // MARK: The user's own

    func all(of user: UniqueID) async throws -> [Passkey] {
        try await platform.database.read { try Self.all(of: user, $0) }
    }

    private static func all(of user: UniqueID, _ connection: Connection) throws -> [Passkey] {
        try connection.rows("SELECT * FROM passkey WHERE user_id = :user ORDER BY id", ["user": user]).map { try Passkey($0) }
    }

    /// One without a name keeps the one it has.
    func rename(_ id: UniqueID, to text: String, of user: UniqueID) async throws {
        let name = Self.name(text)
        guard !name.isEmpty else { return }
        try await platform.database.write { connection in
            try connection.execute("UPDATE passkey SET name = :name WHERE id = :id AND user_id = :user", ["name": name, "id": id, "user": user])
        }
    }

    func remove(_ id: UniqueID, of user: SignedInUser) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            guard try connection.execute("DELETE FROM passkey WHERE id = :id AND user_id = :user", ["id": id, "user": user.id]) == 1 else { return }
            try factor.wasRemoved(.passkey, of: user, at: now, connection)
        }
    }

    // MARK: Making one

    /// What `navigator.credentials.create` is given (WebAuthn Level 3, 5.4), bytes as base64url.
    func creationOptions(for user: SignedInUser) async throws -> JSONValue {
        let challenge = challenges.make(.registration, for: user.session.description, at: platform.now(), platform.random)
        return .object([
            ("challenge", .text(Base64URL.text(challenge.utf8))),
            ("rp", .object([("id", .text(party.id)), ("name", .text("Marquee"))])),
            (
                "user",
                .object([
                    ("id", .text(Base64URL.text(user.id.description.utf8))), ("name", .text(user.email)), ("displayName", .text(user.shownName)),
                ])
            ),
            ("pubKeyCredParams", .list(PasskeyKey.algorithms.map { .object([("type", .text("public-key")), ("alg", .number($0))]) })),
            ("excludeCredentials", Self.descriptors(try await all(of: user.id))),
            ("authenticatorSelection", .object([("residentKey", .text("preferred")), ("userVerification", .text("preferred"))])),
            ("attestation", .text("none")),
            ("timeout", .number(Int(PasskeyChallenges.validSeconds) * 1000)),
        ])
    }

    private static func descriptors(_ passkeys: [Passkey]) -> JSONValue {
        .list(passkeys.map { .object([("type", .text("public-key")), ("id", .text($0.credential))]) })
    }

    /// Adds one.
    /// - Returns: new recovery codes, to be shown once; none if the user has some. Nil for what can't be accepted.
    func add(_ registration: PasskeyRegistration, of user: SignedInUser) async throws -> [String]? {
        let now = platform.now()
        let party = party
        guard let challenge = party.challenge(in: registration.clientData, of: .registration),
            let (credential, signCount) = party.newCredential(registration.attestation)
        else { return nil }
        return try await platform.database.write { connection in
            guard try challenges.use(challenge, .registration, for: user.session.description, at: now, connection) else { return nil }
            let isFirst = try !SecondFactor.isOn(for: user.id, connection)
            guard try Self.all(of: user.id, connection).count < Self.maximum else { return nil }
            let added = try connection.execute(
                """
                INSERT INTO passkey (id, user_id, credential_id, public_key, sign_count, name, created_at)
                VALUES (:id, :user, :credential, :key, :count, :name, :now) ON CONFLICT (credential_id) DO NOTHING
                """,
                [
                    "id": platform.newID(), "user": user.id, "credential": Base64URL.text(credential.id),
                    "key": Base64URL.text(credential.encodedKey), "count": Int(signCount),
                    "name": registration.name.isEmpty ? "Passkey" : registration.name, "now": now,
                ])
            guard added == 1 else { return nil }
            return try factor.wasAdded(.passkey, isFirst: isFirst, of: user, at: now, connection)
        }
    }

    // MARK: Using one

    /// What `navigator.credentials.get` is given (WebAuthn Level 3, 5.5), bytes as base64url: as a second factor, one of the user's own.
    func requestOptions(for session: HalfOpenSession) async throws -> JSONValue {
        let challenge = challenges.make(.secondFactor, for: session.id.description, at: platform.now(), platform.random)
        return request(challenge, verification: "preferred", allowed: Self.descriptors(try await all(of: session.user)))
    }

    /// In place of a mail: any passkey that the browser has for us.
    func requestOptions() -> JSONValue {
        request(challenges.make(.signIn, for: "", at: platform.now(), platform.random), verification: "required", allowed: .list([]))
    }

    private func request(_ challenge: String, verification: String, allowed: JSONValue) -> JSONValue {
        .object([
            ("challenge", .text(Base64URL.text(challenge.utf8))), ("rpId", .text(party.id)), ("allowCredentials", allowed),
            ("userVerification", .text(verification)), ("timeout", .number(Int(PasskeyChallenges.validSeconds) * 1000)),
        ])
    }

    /// Opens a half-open session wholly, or shows anew who uses it. Nil for what can't be accepted.
    /// - Returns: the session's new token.
    func prove(_ assertion: PasskeyAssertion, in session: HalfOpenSession) async throws -> SecretToken? {
        let now = platform.now()
        let token = SecretToken(platform.random)
        return try await platform.database.write { connection in
            let user = try accept(assertion, .secondFactor, for: session.id.description, mustVerify: false, at: now, connection)
            guard user == session.user else { return nil }
            try factor.complete(session.id, token, of: session.user, at: now, connection)
            return token
        }
    }

    /// Signs in. The device has asked for a finger, a face or a PIN, so this is two factors in one. Nil for what can't be accepted.
    func signIn(_ assertion: PasskeyAssertion, named name: String, replacing previous: SecretToken?) async throws -> SecretToken? {
        let now = platform.now()
        let token = SecretToken(platform.random)
        let id = platform.newID()
        return try await platform.database.write { connection in
            guard let user = try accept(assertion, .signIn, for: "", mustVerify: true, at: now, connection), assertion.user == user.description
            else { return nil }
            try Session.open(id, token, of: user, browser: name, replacing: previous, at: now, connection)
            try factor.complete(id, token, of: user, at: now, connection)
            return token
        }
    }

    /// WebAuthn Level 3, 7.2.
    /// - Returns: whose passkey it is.
    private func accept(
        _ assertion: PasskeyAssertion, _ purpose: PasskeyChallenges.Purpose, for holder: String, mustVerify: Bool, at now: Instant,
        _ connection: Connection
    ) throws -> UniqueID? {
        guard let challenge = party.challenge(in: assertion.clientData, of: .authentication),
            let row = try connection.row("SELECT * FROM passkey WHERE credential_id = :id", ["id": assertion.credential]),
            let encoded = Base64URL.bytes(try row["public_key"] as String),
            let key = (try? CBORReader.value(of: encoded)).flatMap({ PasskeyKey($0) }),
            let data = party.verified(
                assertion.authenticatorData, assertion.clientData, signature: assertion.signature, by: key, mustVerify: mustVerify),
            try challenges.use(challenge, purpose, for: holder, at: now, connection)
        else { return nil }
        // A count that does not go up is a copy's. Those that are kept in several places don't count: always zero.
        let (count, last): (Int, Int) = (Int(data.signCount), try row["sign_count"])
        guard count > last || count == 0 && last == 0 else { return nil }
        let (id, user): (UniqueID, UniqueID) = (try row["id"], try row["user_id"])
        guard assertion.user.isEmpty || assertion.user == user.description else { return nil }
        try connection.execute("UPDATE passkey SET sign_count = :count, last_used_at = :now WHERE id = :id", ["count": count, "now": now, "id": id])
        return user
    }
}
