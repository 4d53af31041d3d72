import Database

enum JobsMigrations {
    static let jobs = Migration(
        "jobs",
        sql: """
            -- Work that was promised and is not done yet. What is done is gone.
            CREATE TABLE job (
                id TEXT NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                -- Whose work it is; null for the platform's own. No foreign key: a job outlives its organization, and its handler sees that.
                organization_id TEXT,
                -- JSON.
                payload TEXT NOT NULL,
                -- Of several waiting jobs of one kind and organization with one key, the newest is kept.
                coalescing_key TEXT,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
                -- How often it was begun.
                attempts INTEGER NOT NULL,
                created_at TEXT NOT NULL,
                -- Not to be begun before.
                run_at TEXT NOT NULL,
                -- When it was last begun.
                begun_at TEXT,
                -- Which process runs it, and until when nobody else may.
                lease_owner TEXT,
                lease_ends_at TEXT,
                -- What went wrong the last time. Without personal data.
                problem TEXT
            );
            CREATE UNIQUE INDEX job_key ON job (kind, coalesce(organization_id, ''), coalescing_key) WHERE state = 'waiting';
            CREATE INDEX job_waiting ON job (kind, coalesce(organization_id, ''), run_at, id) WHERE state = 'waiting';
            CREATE INDEX job_running ON job (kind, coalesce(organization_id, '')) WHERE state = 'running';
            CREATE INDEX job_dead ON job (id) WHERE state = 'dead';
            """)
}
