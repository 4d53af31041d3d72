package import Database

/// The tables of the database tests, shared by the tests and by the process that they kill.
package enum TestSchema {
    /// What a tenant has: events, and notes that belong to an event.
    package static let tenant = [
        Migration(
            "events",
            sql: """
                CREATE TABLE event (
                    id TEXT NOT NULL PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    title TEXT NOT NULL,
                    starts_at TEXT,
                    number INTEGER
                );
                CREATE TABLE note (
                    id TEXT NOT NULL PRIMARY KEY,
                    organization_id TEXT NOT NULL REFERENCES organization (id),
                    event_id TEXT NOT NULL REFERENCES event (id),
                    words TEXT NOT NULL
                );
                """)
    ]

    /// One that comes later.
    package static let place = Migration("event places", sql: "ALTER TABLE event ADD COLUMN place TEXT")

    package static let platform = [
        Migration("accounts", sql: "CREATE TABLE account (id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, number INTEGER)")
    ]
}
