import Database

enum AccountsMigrations {
    /// People who can sign in, whatever organizations they belong to.
    static let users = Migration(
        "users",
        sql: """
            CREATE TABLE user (
                id TEXT NOT NULL PRIMARY KEY,
                email TEXT NOT NULL,
                -- In lower case: one address, one user.
                email_key TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                language TEXT NOT NULL,
                is_operator INTEGER NOT NULL DEFAULT 0,
                created_at TEXT NOT NULL,
                last_seen_at TEXT
            );
            """)
}
