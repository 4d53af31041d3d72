import Database

enum PeopleMigrations {
    static let seats = Migration(
        "invitations and seats",
        sql: """
            -- A seat that somebody is asked to take: anew, or over from somebody.
            CREATE TABLE invitation (
                id TEXT NOT NULL PRIMARY KEY,
                -- SHA-256 of the token in the link.
                token_hash TEXT NOT NULL UNIQUE,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                -- Emptied when it is accepted: the user has it then.
                email TEXT NOT NULL,
                email_key TEXT NOT NULL,
                role TEXT NOT NULL,
                title TEXT NOT NULL,
                -- The end of the term; null for a seat without an end.
                seat_ends_at TEXT,
                -- Of a handover: the seat that is handed over, and when that ends. The rest of it is in the tenant's file.
                is_handover INTEGER NOT NULL DEFAULT 0,
                handover_seat_id TEXT REFERENCES membership (id) ON DELETE SET NULL,
                handover_ends_at TEXT,
                invited_by TEXT REFERENCES user (id) ON DELETE SET NULL,
                created_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                accepted_at TEXT,
                -- Who has accepted it, and in which browser, which may do so again if the answer was lost.
                accepted_by TEXT REFERENCES user (id) ON DELETE SET NULL,
                browser_hash TEXT
            );
            CREATE INDEX invitation_organization ON invitation (organization_id, created_at);
            CREATE INDEX invitation_seat ON invitation (handover_seat_id);
            CREATE INDEX invitation_expiry ON invitation (expires_at);

            -- What was told of which end of a seat. Another end is told of anew.
            CREATE TABLE seat_notice (
                membership_id TEXT NOT NULL REFERENCES membership (id) ON DELETE CASCADE,
                ends_at TEXT NOT NULL,
                -- Days before it; 0 for the end itself, -1 for the last owner's, who stays.
                days INTEGER NOT NULL,
                told_at TEXT NOT NULL,
                PRIMARY KEY (membership_id, ends_at, days)
            );

            -- Officers who ask for a new owner.
            CREATE TABLE owner_recovery (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                candidate_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                asked_by TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                asked_at TEXT NOT NULL,
                approved_by TEXT REFERENCES user (id) ON DELETE CASCADE,
                approved_at TEXT,
                -- When it takes effect, unless an owner refuses.
                due_at TEXT,
                -- When it was over, and how: done, refused, withdrawn, lapsed.
                ended_at TEXT,
                outcome TEXT
            );
            -- One at a time.
            CREATE UNIQUE INDEX owner_recovery_open ON owner_recovery (organization_id) WHERE ended_at IS NULL;
            """)

    /// In the tenants' files: what one board tells the next is theirs.
    static let handovers = Migration(
        "handovers",
        sql: """
            CREATE TABLE handover (
                -- The id of its invitation.
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id),
                -- JSON, a list: what has been handed over.
                done TEXT NOT NULL,
                notes TEXT NOT NULL,
                changed_at TEXT NOT NULL
            );
            """)
}
