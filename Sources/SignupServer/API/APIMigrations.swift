import Database

enum APIMigrations {
    static let tokens = Migration(
        "tokens of programs",
        sql: """
            -- With what programs show that an organization has let them in. A token is the organization's: it stays when its maker's seat ends.
            CREATE TABLE api_token (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                -- SHA-256 of the token.
                token_hash TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                -- Names between spaces.
                scopes TEXT NOT NULL,
                created_by TEXT REFERENCES user (id) ON DELETE SET NULL,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                -- A day; null until it is used.
                last_used_on TEXT,
                revoked_at TEXT
            );
            CREATE INDEX api_token_organization ON api_token (organization_id, id);

            -- Writes that were sent with a name of their own, so that they can be sent again: kept for a day.
            CREATE TABLE api_request (
                token_id TEXT NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,
                idempotency_key TEXT NOT NULL,
                -- SHA-256 of what was asked.
                request_hash TEXT NOT NULL,
                started_at TEXT NOT NULL,
                -- The answer as JSON; null until there is one.
                answer TEXT,
                PRIMARY KEY (token_id, idempotency_key)
            );
            CREATE INDEX api_request_age ON api_request (started_at);
            """)
}
