import Database

enum AuditMigrations {
    static let entries = Migration(
        "audit log",
        sql: """
            -- What was done with each organization, by whom. In the platform's file, because what it tells of is done in transactions of this file.
            CREATE TABLE audit_entry (
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                -- 1, 2, 3 … of the organization, without gaps.
                number INTEGER NOT NULL,
                at TEXT NOT NULL,
                actor_kind TEXT NOT NULL,
                -- Of a user or a token. No reference: it stays when they are gone.
                actor_id TEXT,
                action TEXT NOT NULL,
                -- What it was done to: an id, a commit, a role. No name and no address.
                subject TEXT NOT NULL,
                -- JSON, an object of texts.
                details TEXT NOT NULL,
                -- SHA-256 over this entry and the hash before it.
                hash TEXT NOT NULL,
                PRIMARY KEY (organization_id, number)
            );

            -- Entries are added. They go with their organization, whose row is gone first then.
            CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry BEGIN
                SELECT RAISE(ABORT, 'audit entries are not changed');
            END;
            CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON audit_entry
            WHEN EXISTS (SELECT 1 FROM organization WHERE id = OLD.organization_id) BEGIN
                SELECT RAISE(ABORT, 'audit entries are not removed');
            END;
            """)

    /// `INSERT OR REPLACE` calls no trigger for what it replaces.
    static let order = Migration(
        "audit log is added to at its end",
        sql: """
            CREATE TRIGGER audit_entry_comes_after_the_last BEFORE INSERT ON audit_entry
            WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit_entry WHERE organization_id = NEW.organization_id) BEGIN
                SELECT RAISE(ABORT, 'audit entries are added at the end');
            END;
            """)
}
