import Database

enum EditingMigrations {
    static let publications = Migration(
        "publications",
        sql: """
            -- What became of each publishing that somebody's change has led to: the newest hundred of each organization.
            CREATE TABLE publication (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                commit_id TEXT NOT NULL,
                at TEXT NOT NULL,
                -- built, unchanged or failed
                outcome TEXT NOT NULL,
                -- Why it failed, for the operator; empty if it didn't.
                problem TEXT NOT NULL,
                -- Findings in the content.
                errors INTEGER NOT NULL,
                warnings INTEGER NOT NULL
            );
            CREATE INDEX publication_organization ON publication (organization_id, id);
            """)
}
