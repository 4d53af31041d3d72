import Database

enum OrganizationsMigrations {
    static let organizations = Migration(
        "organizations",
        sql: """
            CREATE TABLE organization (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                slug TEXT NOT NULL UNIQUE,
                -- The canonical custom host; null for the one on the sites domain.
                domain TEXT UNIQUE,
                -- JSON: what the platform keeps of an organization. What its site says is in its repository.
                settings TEXT NOT NULL DEFAULT '{}',
                subscription_status TEXT NOT NULL,
                plan TEXT NOT NULL,
                trial_ends_at TEXT,
                created_at TEXT NOT NULL,
                -- When the first release went live; null while the organization is being made.
                ready_at TEXT,
                suspended_at TEXT,
                closed_at TEXT
            );
            CREATE INDEX organization_status ON organization (subscription_status, trial_ends_at);

            -- Every slug that was ever somebody's. None is freed: old links and printed codes must not lead to somebody else.
            CREATE TABLE claimed_slug (
                slug TEXT NOT NULL PRIMARY KEY,
                -- Null when the organization is gone.
                organization_id TEXT REFERENCES organization (id) ON DELETE SET NULL,
                claimed_at TEXT NOT NULL
            );
            CREATE INDEX claimed_slug_organization ON claimed_slug (organization_id);

            -- A role is a seat, held for a term.
            CREATE TABLE membership (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                role TEXT NOT NULL,
                title TEXT NOT NULL,
                starts_at TEXT NOT NULL,
                -- Null for a seat without an end.
                ends_at TEXT,
                invited_by TEXT REFERENCES user (id) ON DELETE SET NULL,
                created_at TEXT NOT NULL,
                UNIQUE (organization_id, user_id, role)
            );
            CREATE INDEX membership_user ON membership (user_id);
            """)

    static let reminders = Migration(
        "trial reminders",
        sql: """
            -- Which owners were told that a trial ends. Another end has reminders of its own.
            CREATE TABLE trial_reminder (
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                trial_ends_at TEXT NOT NULL,
                days INTEGER NOT NULL,
                sent_at TEXT NOT NULL,
                PRIMARY KEY (organization_id, trial_ends_at, days)
            );
            """)

    static let domains = Migration(
        "claimed domains",
        sql: """
            -- Hosts of organizations that are gone. None is given to somebody else without the operator's doing.
            CREATE TABLE claimed_domain (
                domain TEXT NOT NULL PRIMARY KEY,
                claimed_at TEXT NOT NULL
            );
            """)
}
