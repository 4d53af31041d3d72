import Database

enum MailMigrations {
    static let counts = Migration(
        "mail counts",
        sql: """
            -- The mails of the last hour, for the caps. Who gets them is an HMAC under the server's key: nobody's address.
            CREATE TABLE mail_count (
                id TEXT NOT NULL PRIMARY KEY,
                recipient_hash TEXT NOT NULL,
                organization_id TEXT,
                counted_at TEXT NOT NULL
            );
            CREATE INDEX mail_count_recipient ON mail_count (recipient_hash);
            CREATE INDEX mail_count_organization ON mail_count (organization_id);
            CREATE INDEX mail_count_time ON mail_count (counted_at);
            """)
}
