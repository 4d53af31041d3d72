import Crypto
import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Synchronization
import Tenancy

/// Lets a program send a write again without its being done again (draft-ietf-httpapi-idempotency-key-header-07): a key names the write, and
/// what was answered is kept for a day.
///
/// A row is written before the work begins, and gets the answer when it is done. One without an answer that no request of this process is
/// working on was cut off, by `kill -9` or by a fault: whoever sends it again is told so, looks what is done already, and does the rest.
final class IdempotencyKeys: Sendable {
    private let platform: Platform
    /// What is being worked on in this process, which is the only one that has the database.
    private let running = Mutex<Set<Name>>([])

    static let field = HTTPField.Name("Idempotency-Key")
    static let keptSeconds: Int64 = 86_400

    private struct Name: Hashable {
        let token: UniqueID
        let key: String
    }

    init(_ platform: Platform) {
        self.platform = platform
    }

    /// What a header holds: a text of some letters, digits and `. _ : -`, in quotes or without. Throws `Problem` 400.
    static func key(_ request: Request) throws(Problem) -> String? {
        guard let field else { return nil }
        let values = request.headers[values: field]
        guard let value = values.first else { return nil }
        var text = Substring(value)
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        guard values.count == 1, (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ Base64URL.isDigit($0) || ".:".utf8.contains($0) }) else {
            throw Problem(
                .badRequest, "request", title: "The header Idempotency-Key is not valid", "Write 1 to 200 of A-Z a-z 0-9 . _ : - in quotes.")
        }
        return String(text)
    }

    /// - Parameters:
    ///   - key: nil for a request that can't be sent again.
    ///   - asked: everything that makes two requests the same.
    ///   - work: told when an earlier attempt of the same request began, if one was cut off.
    func answer(
        _ key: String?, of token: UniqueID, asked: [String], requestID: String, _ work: (_ cutOff: Instant?) async throws -> WriteAnswer
    ) async throws -> WriteAnswer {
        guard let key else { return try await work(nil) }
        let name = Name(token: token, key: key)
        guard running.withLock({ $0.insert(name).inserted }) else {
            throw Problem(.conflict, "in-progress", title: "The same request is being worked on", "Send it again in a moment.")
        }
        defer { running.withLock { _ = $0.remove(name) } }
        switch try await begin(name, Self.hash(asked)) {
        case .answered(let answer): return answer
        case .another:
            throw Problem(
                .unprocessableContent, "key-reused", title: "The Idempotency-Key was used for another request", "Use a new one for each request.")
        case .begun(let cutOff):
            let answer: WriteAnswer
            do {
                answer = try await work(cutOff)
            } catch let problem as Problem where problem.status != .forbidden {
                answer = WriteAnswer(problem, requestID)
            }
            try await keep(answer, name)
            return answer
        }
    }

    private enum Beginning {
        case answered(WriteAnswer)
        case another
        case begun(cutOff: Instant?)
    }

    private func begin(_ name: Name, _ hash: String) async throws -> Beginning {
        let now = platform.now()
        return try await platform.database.write { connection in
            try connection.execute("DELETE FROM api_request WHERE started_at <= :end", ["end": now.adding(seconds: -Self.keptSeconds)])
            let row = try connection.row(
                "SELECT request_hash, started_at, answer FROM api_request WHERE token_id = :token AND idempotency_key = :key",
                ["token": name.token, "key": name.key])
            guard let row else {
                try connection.execute(
                    "INSERT INTO api_request (token_id, idempotency_key, request_hash, started_at) VALUES (:token, :key, :hash, :now)",
                    ["token": name.token, "key": name.key, "hash": hash, "now": now])
                return .begun(cutOff: nil)
            }
            guard try row["request_hash"] as String == hash else { return .another }
            let answer: JSONText? = try row["answer"]
            return try answer.map { .answered(try $0.decode(as: WriteAnswer.self)) } ?? .begun(cutOff: row["started_at"])
        }
    }

    private func keep(_ answer: WriteAnswer, _ name: Name) async throws {
        let text = try JSONText(answer)
        try await platform.database.write { connection in
            try connection.execute(
                "UPDATE api_request SET answer = :answer WHERE token_id = :token AND idempotency_key = :key",
                ["answer": text, "token": name.token, "key": name.key])
        }
    }

    private static func hash(_ asked: [String]) -> String {
        // Lengths keep the parts apart.
        Hexadecimal.text(SHA256.hash(data: Array(asked.map { "\($0.utf8.count):\($0)" }.joined().utf8)))
    }
}

/// The answer to a write, as it is kept.
struct WriteAnswer: Sendable, Codable, Hashable {
    let status: Int
    let type: String
    var etag: String?
    let body: String

    init(_ body: JSONValue, etag: String? = nil) {
        status = 200
        type = "application/json"
        self.etag = etag
        self.body = body.string
    }

    init(_ problem: Problem, _ requestID: String) {
        status = problem.status.code
        type = Problem.contentType
        body = problem.json(requestID).string
    }

    var response: Response {
        var response = Response(type, Array(body.utf8), status: HTTPResponse.Status(code: status))
        if let etag { response.headers[.eTag] = etag }
        return response
    }
}
