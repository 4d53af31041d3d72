import Database

enum SignUpMigrations {
    static let signUps = Migration(
        "sign-ups",
        sql: """
            -- What somebody has typed into the form, until the link in the mail is followed or has run out.
            CREATE TABLE sign_up (
                id TEXT NOT NULL PRIMARY KEY,
                -- SHA-256 of the token in the link.
                token_hash TEXT NOT NULL UNIQUE,
                -- JSON of the form's fields: emptied when it is confirmed or has run out.
                form TEXT NOT NULL,
                email_key TEXT NOT NULL,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                confirmed_at TEXT,
                organization_id TEXT REFERENCES organization (id) ON DELETE SET NULL,
                -- Who has confirmed it, and in which browser, which may do so again if the answer was lost.
                user_id TEXT REFERENCES user (id) ON DELETE SET NULL,
                browser_hash TEXT
            );
            CREATE INDEX sign_up_email ON sign_up (email_key, created_at);
            CREATE INDEX sign_up_expiry ON sign_up (expires_at);

            -- For the mode in which only those who have a code can sign up.
            CREATE TABLE invite_code (
                code_hash TEXT NOT NULL PRIMARY KEY,
                note TEXT NOT NULL,
                uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
                expires_at TEXT NOT NULL,
                created_at TEXT NOT NULL
            );

            -- For the mode in which nobody can.
            CREATE TABLE waiting_list (
                email_key TEXT NOT NULL PRIMARY KEY,
                email TEXT NOT NULL,
                school TEXT NOT NULL,
                language TEXT NOT NULL,
                created_at TEXT NOT NULL
            );
            """)
}
