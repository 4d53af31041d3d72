/// Where an organization stands with the platform.
package enum SubscriptionStatus: String, Sendable, Hashable, CaseIterable {
    case trialing, active
    /// The trial is over and nothing was chosen: editing rests, the export stays open, the site stays up.
    case frozen
    /// Stopped by the operator: nobody can do anything, the site stays up.
    case suspended
    /// Ended: everything can be exported, then all is deleted.
    case closed

    package var allowsEditing: Bool { self == .trialing || self == .active }
}

/// What becomes of an organization as time passes: reminders before its trial ends, the end, and the deletion after it was closed.
///
/// No I/O and no clock: who asks says what is so and what time it is, and does what is due.
package struct OrganizationLife: Sendable, Hashable {
    package var status: SubscriptionStatus
    package var trialEndsAt: Instant?
    package var closedAt: Instant?
    /// The reminders that went out for this end of the trial: days before it.
    package var reminders: Set<Int>

    package init(status: SubscriptionStatus, trialEndsAt: Instant?, closedAt: Instant?, reminders: Set<Int>) {
        self.status = status
        self.trialEndsAt = trialEndsAt
        self.closedAt = closedAt
        self.reminders = reminders
    }

    /// Days before the end of a trial on which its owners are reminded.
    package static let reminderDays = [14, 7, 1]
    /// Days that a closed organization can still be exported and opened again.
    package static let daysUntilDeletion: Int64 = 30

    package enum Step: Sendable, Hashable {
        /// So many days are left; earlier reminders that were missed are not sent any more.
        case remind(days: Int)
        case freeze
        case delete
    }

    /// What is to be done now.
    package func step(at now: Instant) -> Step? {
        switch status {
        case .trialing:
            guard let end = trialEndsAt else { return nil }
            if now >= end { return .freeze }
            let due = Self.reminderDays.filter { now >= Self.reminder($0, before: end) }
            guard let latest = due.min(), !reminders.contains(latest) else { return nil }
            return .remind(days: latest)
        case .closed:
            guard let closedAt, now >= Self.deletion(after: closedAt) else { return nil }
            return .delete
        case .active, .frozen, .suspended: return nil
        }
    }

    /// When to ask again, if nothing else happens; nil if time changes nothing.
    package func next(after now: Instant) -> Instant? {
        switch status {
        case .trialing:
            guard let end = trialEndsAt else { return nil }
            return (Self.reminderDays.map { Self.reminder($0, before: end) } + [end]).filter { $0 > now }.min()
        case .closed: return closedAt.map { Self.deletion(after: $0) }
        case .active, .frozen, .suspended: return nil
        }
    }

    private static func reminder(_ days: Int, before end: Instant) -> Instant { end.adding(seconds: -Int64(days) * 86_400) }

    private static func deletion(after closed: Instant) -> Instant { closed.adding(seconds: daysUntilDeletion * 86_400) }
}
