import Database
import Tenancy

/// A person who can sign in.
struct User: Sendable, Hashable {
    let id: UniqueID
    let email: String
    /// May be empty.
    let name: String
    let language: Language
    /// Runs the platform.
    let isOperator: Bool

    init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        email = try row["email"]
        name = try row["name"]
        language = PageLanguage.language(try row["language"]) ?? .english
        isOperator = try row["is_operator"]
    }

    static func find(email key: String, _ connection: Connection) throws(DatabaseError) -> User? {
        try first("SELECT * FROM user WHERE email_key = :key", ["key": key], connection)
    }

    static func find(_ id: UniqueID, _ connection: Connection) throws(DatabaseError) -> User? {
        try first("SELECT * FROM user WHERE id = :id", ["id": id], connection)
    }

    /// Adds one. Throws `constraint` if somebody has the address already.
    static func add(
        _ id: UniqueID, email: EmailAddress, name: String, language: Language, at now: Instant, _ connection: Connection
    ) throws(DatabaseError) {
        try connection.execute(
            """
            INSERT INTO user (id, email, email_key, name, language, is_operator, created_at, last_seen_at)
            VALUES (:id, :email, :key, :name, :language, 0, :now, NULL)
            """, ["id": id, "email": email.text, "key": email.key, "name": name, "language": language.code, "now": now])
    }

    private static func first(_ sql: String, _ parameters: [String: any SQLConvertible], _ connection: Connection) throws(DatabaseError) -> User? {
        guard let row = try connection.row(sql, parameters) else { return nil }
        return try User(row)
    }
}
