import Database

enum SecondFactorMigrations {
    static let factors = Migration(
        "second factors",
        sql: """
            -- When a second factor was shown last; null for never. A session of a user who has one is half open until then.
            ALTER TABLE session ADD COLUMN second_factor_at TEXT;
            -- Wrong codes since then.
            ALTER TABLE session ADD COLUMN second_factor_failures INTEGER NOT NULL DEFAULT 0;

            -- Apps that make codes.
            CREATE TABLE totp (
                user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
                -- AES-256-GCM, with a key that is not in the database; base64url.
                sealed_secret TEXT NOT NULL,
                created_at TEXT NOT NULL,
                -- When the first code was right; null until then, and it counts for nothing.
                confirmed_at TEXT,
                -- No code counts twice: the step of time that was used last.
                last_step INTEGER NOT NULL DEFAULT -1
            );

            CREATE TABLE passkey (
                id TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                -- The authenticator's own id of it, base64url.
                credential_id TEXT NOT NULL UNIQUE,
                -- COSE_Key (RFC 9052, 7), as the authenticator wrote it; base64url.
                public_key TEXT NOT NULL,
                sign_count INTEGER NOT NULL,
                name TEXT NOT NULL,
                created_at TEXT NOT NULL,
                last_used_at TEXT
            );
            CREATE INDEX passkey_user ON passkey (user_id);

            -- Challenges that were answered, until they are too old to be answered anyway.
            CREATE TABLE used_challenge (
                id TEXT NOT NULL PRIMARY KEY,
                expires_at TEXT NOT NULL
            );
            CREATE INDEX used_challenge_expiry ON used_challenge (expires_at);

            CREATE TABLE recovery_code (
                -- Keyed hash of the user and the code.
                digest TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                created_at TEXT NOT NULL,
                used_at TEXT
            );
            CREATE INDEX recovery_code_user ON recovery_code (user_id);

            -- Wrong codes in a row, over all sessions of a user.
            CREATE TABLE second_factor_failure (
                user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
                failures INTEGER NOT NULL,
                last_failed_at TEXT NOT NULL
            );
            """)

    static let requirement = Migration(
        "required second factors",
        sql: """
            -- Owners and treasurers need a second factor.
            ALTER TABLE organization ADD COLUMN requires_second_factor INTEGER NOT NULL DEFAULT 0;
            """)
}
