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

    /// Open sessions, and what a mail to sign in leads to.
    static let sessions = Migration(
        "sessions",
        sql: """
            CREATE TABLE session (
                id TEXT NOT NULL PRIMARY KEY,
                -- SHA-256 of the token in the cookie.
                token_hash TEXT NOT NULL UNIQUE,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                -- For the user to know it again: `Firefox, Windows`. Nothing more precise is kept.
                browser TEXT NOT NULL,
                created_at TEXT NOT NULL,
                last_used_at TEXT NOT NULL,
                expires_at TEXT NOT NULL
            );
            CREATE INDEX session_user ON session (user_id);
            CREATE INDEX session_expiry ON session (expires_at);

            CREATE TABLE sign_in_token (
                id TEXT NOT NULL PRIMARY KEY,
                -- SHA-256 of the token in the link.
                token_hash TEXT NOT NULL UNIQUE,
                -- Keyed hash of the six digits.
                code_digest TEXT NOT NULL,
                -- Also for addresses that nobody has: asking must look the same.
                email_key TEXT NOT NULL,
                -- SHA-256 of the cookie of the browser that asked.
                browser_hash TEXT NOT NULL,
                return_path TEXT NOT NULL,
                -- Wrong codes.
                failures INTEGER NOT NULL DEFAULT 0,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                used_at TEXT
            );
            CREATE INDEX sign_in_token_browser ON sign_in_token (browser_hash, created_at);
            CREATE INDEX sign_in_token_email ON sign_in_token (email_key);
            CREATE INDEX sign_in_token_expiry ON sign_in_token (expires_at);

            -- Wrong codes in a row, over all mails to an address.
            CREATE TABLE sign_in_failure (
                email_key TEXT NOT NULL PRIMARY KEY,
                failures INTEGER NOT NULL,
                last_failed_at TEXT NOT NULL
            );
            """)
}
