import Database

/// The history of `platform.sqlite`, in the order in which the steps came: a new one is added at the end, whatever feature it belongs to.
/// Each feature's SQL is in its own folder.
enum PlatformMigrations {
    static let all: [Migration] = [
        AccountsMigrations.users,
        OrganizationsMigrations.organizations,
        SignUpMigrations.signUps,
        AccountsMigrations.sessions,
        JobsMigrations.jobs,
        MailMigrations.counts,
        OrganizationsMigrations.reminders,
        AuditMigrations.entries,
        EditingMigrations.publications,
        PeopleMigrations.seats,
        SecondFactorMigrations.factors,
        SecondFactorMigrations.requirement,
        APIMigrations.tokens,
        OrganizationsMigrations.domains,
        SetupMigrations.steps,
        AuditMigrations.order,
        SupportMigrations.consents,
        OperatorMigrations.doctor,
    ]
}

/// The history of every tenant's file.
enum TenantMigrations {
    static let all: [Migration] = [
        PeopleMigrations.handovers
    ]
}
