import Database

enum SupportMigrations {
    static let consents = Migration(
        "consents to support",
        sql: """
            -- Owners' permissions for whoever runs the platform to act for their organization.
            CREATE TABLE operator_consent (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                given_by TEXT REFERENCES user (id) ON DELETE SET NULL,
                scope TEXT NOT NULL CHECK (scope IN ('look', 'edit')),
                starts_at TEXT NOT NULL,
                ends_at TEXT NOT NULL,
                withdrawn_at TEXT
            );
            CREATE INDEX operator_consent_organization ON operator_consent (organization_id, ends_at);

            -- When an operator made use of one.
            CREATE TABLE operator_entry (
                id TEXT NOT NULL PRIMARY KEY,
                consent_id TEXT NOT NULL REFERENCES operator_consent (id) ON DELETE CASCADE,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                entered_at TEXT NOT NULL,
                left_at TEXT
            );
            CREATE INDEX operator_entry_user ON operator_entry (user_id, entered_at);
            CREATE INDEX operator_entry_consent ON operator_entry (consent_id);
            """)
}
