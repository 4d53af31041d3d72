import Testing

@testable import Tenancy

@Suite("The life of an organization")
struct OrganizationLifeTests {
    private static let start = Instant(seconds: 1_800_000_000)
    private static func day(_ days: Int64, _ seconds: Int64 = 0) -> Instant { start.adding(seconds: days * 86_400 + seconds) }

    /// Walks from moment to moment as the server does, and notes what happens on which day.
    private static func walk(_ life: OrganizationLife, changes: [(day: Int64, change: (inout OrganizationLife) -> Void)] = [], days: Int64 = 120)
        -> [String]
    {
        var (life, now) = (life, start)
        var events: [String] = []
        var changes = changes[...]
        while now < day(days) {
            while let step = life.step(at: now) {
                events.append("\((now.seconds - start.seconds) / 86_400): \(step)")
                switch step {
                case .remind(let days): life.reminders.insert(days)
                case .freeze: life.status = .frozen
                case .delete: return events
                }
            }
            let next = life.next(after: now) ?? day(days)
            if let change = changes.first, day(change.day) <= next {
                now = day(change.day)
                change.change(&life)
                changes.removeFirst()
            } else {
                now = next
            }
        }
        return events
    }

    private static let trial = OrganizationLife(status: .trialing, trialEndsAt: day(30), closedAt: nil, reminders: [])

    @Test("reminders 14, 7 and 1 days before the end of a trial, then editing rests, and nothing more")
    func trial() {
        #expect(Self.walk(Self.trial) == ["16: remind(days: 14)", "23: remind(days: 7)", "29: remind(days: 1)", "30: freeze"])
    }

    @Test("a trial that is made longer has its reminders again")
    func extended() {
        let events = Self.walk(
            Self.trial,
            changes: [
                (
                    24,
                    {
                        $0.trialEndsAt = Self.day(60)
                        $0.reminders = []
                    }
                )
            ])
        #expect(
            events == [
                "16: remind(days: 14)", "23: remind(days: 7)", "46: remind(days: 14)", "53: remind(days: 7)", "59: remind(days: 1)", "60: freeze",
            ])
    }

    @Test("a frozen one that is given more time goes on")
    func thawed() {
        let events = Self.walk(
            Self.trial,
            changes: [
                (
                    40,
                    {
                        $0.status = .trialing
                        $0.trialEndsAt = Self.day(45)
                        $0.reminders = []
                    }
                )
            ])
        #expect(events.suffix(3) == ["40: remind(days: 7)", "44: remind(days: 1)", "45: freeze"])
    }

    @Test("after a month in which the server was off, only the newest reminder goes out, or none")
    func late() {
        #expect(Self.trial.step(at: Self.day(29, 3_600)) == .remind(days: 1))
        #expect(Self.trial.step(at: Self.day(31)) == .freeze)
        var reminded = Self.trial
        reminded.reminders = [1]
        #expect(reminded.step(at: Self.day(29, 3_600)) == nil)
        // A clock that was set back reminds nobody twice.
        #expect(reminded.step(at: Self.day(10)) == nil)
    }

    @Test("a closed one is deleted after thirty days, unless it is opened again; a suspended or paying one is left alone")
    func closed() {
        let closed = OrganizationLife(status: .closed, trialEndsAt: Self.day(5), closedAt: Self.start, reminders: [])
        #expect(Self.walk(closed) == ["30: delete"])
        #expect(Self.walk(closed, changes: [(29, { $0.status = .active })]) == [])
        for status in [SubscriptionStatus.active, .suspended, .frozen] {
            #expect(Self.walk(OrganizationLife(status: status, trialEndsAt: Self.day(5), closedAt: nil, reminders: [])) == [])
        }
    }

    @Test("only during a trial and after it was paid for can one edit")
    func editing() {
        #expect(SubscriptionStatus.allCases.filter(\.allowsEditing) == [.trialing, .active])
    }
}
