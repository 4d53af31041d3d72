import Database

enum OperatorMigrations {
    static let doctor = Migration(
        "doctor's report",
        sql: """
            -- What the doctor found the last time: one row.
            CREATE TABLE doctor_report (
                id TEXT NOT NULL PRIMARY KEY CHECK (id = 'last'),
                begun_at TEXT NOT NULL,
                ended_at TEXT NOT NULL,
                -- JSON, a list of texts; the first of them, if there are very many.
                problems TEXT NOT NULL,
                -- Of all.
                problem_count INTEGER NOT NULL
            );
            """)
}
