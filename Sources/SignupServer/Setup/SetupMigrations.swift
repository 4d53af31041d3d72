import Database

enum SetupMigrations {
    static let steps = Migration(
        "set-up steps",
        sql: """
            -- Which steps of the set-up somebody has looked over and saved, changed or not.
            CREATE TABLE setup_step (
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                step TEXT NOT NULL,
                saved_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, step)
            );
            """)
}
