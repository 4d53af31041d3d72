import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

/// Seats in short: letters are people, numbers are days. `A owner 0-9` is open from day 0 until day 9.
private struct Sketch {
    private static func id(_ number: Int) -> UniqueID {
        var same = SecureRandom { 0 }
        return UniqueID(at: Instant(seconds: Int64(number)), using: &same)
    }

    static func user(_ letter: Character) -> UniqueID { id(Int(letter.asciiValue ?? 0)) }

    static func day(_ number: Int) -> Instant { Instant(seconds: 1_800_000_000 + Int64(number) * 86_400) }

    static func roster(_ text: String) -> Roster {
        Roster(
            seats: text.split(separator: ",").enumerated().compactMap { index, text in
                let parts = text.split(separator: " ")
                let days = parts[2].split(separator: "-", omittingEmptySubsequences: false)
                guard let letter = parts[0].first, let role = Role(rawValue: String(parts[1])), let start = Int(days[0]) else { return nil }
                return Membership(
                    id: id(1_000 + index), organization: OrganizationID(id(1)), user: user(letter), role: role, startsAt: day(start),
                    endsAt: Int(days[1]).map { day($0) })
            })
    }

    static func letter(_ user: UniqueID) -> String { "ABCDEF".first { Self.user($0) == user }.map { String($0) } ?? "?" }
}

@Suite("The rules about seats")
struct RosterTests {
    @Test("a seat counts from its start to its end, and the last owner's until there is another", arguments: inForce)
    func force(seats: String, day: Int, counts: String) {
        let roster = Sketch.roster(seats)
        #expect(roster.inForce(at: Sketch.day(day)).map { Sketch.letter($0.user) }.joined() == counts, "\(seats) on day \(day)")
    }

    private static let inForce = [
        ("A owner 0-", 0, "A"), ("A owner 1-", 0, ""), ("A owner 0-9,B editor 0-9", 8, "AB"),
        // The end itself is past it.
        ("A owner 0-9,B editor 0-9", 9, "A"), ("A owner 0-9,B editor 0-9", 999, "A"),
        ("A owner 0-9,B owner 0-", 9, "B"), ("A owner 0-9,B owner 9-", 9, "B"),
        // Who comes later leaves a gap, in which the last one stays.
        ("A owner 0-9,B owner 12-", 10, "A"), ("A owner 0-9,B owner 12-", 12, "B"),
        // Who went before is not back.
        ("A owner 0-5,B owner 0-9", 7, "B"), ("A owner 0-5,B owner 0-9", 10, "B"), ("A owner 0-9,B owner 0-9", 10, "AB"),
        ("A owner 0-5,B owner 0-9,C owner 20-", 10, "B"), ("A owner 0-5,B owner 0-9,C owner 20-", 20, "C"),
        ("A officer 0-9,B treasurer 0-9", 10, ""), ("", 0, ""),
    ]

    @Test("an owner's seat ends only when another owner's is open then", arguments: ends)
    func ending(seats: String, end: Int?, allowed: Bool) {
        // Of A, on day 10.
        let roster = Sketch.roster(seats)
        #expect(roster.mayEnd(roster.seats[0], at: end.map { Sketch.day($0) }, now: Sketch.day(10)) == allowed, "\(seats) to \(end ?? -1)")
    }

    private static let ends: [(String, Int?, Bool)] = [
        ("A owner 0-", 10, false), ("A owner 0-", 30, false), ("A owner 0-", nil, true), ("A editor 0-", 10, true),
        ("A owner 0-,B owner 0-", 10, true), ("A owner 0-,B owner 0-", 30, true),
        // B is there until day 20.
        ("A owner 0-,B owner 0-20", 10, true), ("A owner 0-,B owner 0-20", 19, true), ("A owner 0-,B owner 0-20", 20, false),
        // B is gone, or has not come yet.
        ("A owner 0-,B owner 0-5", 10, false), ("A owner 0-,B owner 11-", 30, false), ("A owner 0-,B editor 0-", 10, false),
        // Longer is always good, shorter not.
        ("A owner 0-20", 30, true), ("A owner 0-20", 20, true), ("A owner 0-20", 15, false), ("A owner 0-20", nil, true),
        // The last owner, past the end, stays, and may go on.
        ("A owner 0-5", 10, false), ("A owner 0-5", 30, true), ("A owner 0-5", nil, true),
    ]

    @Test("who may give which roles", arguments: Role.allCases)
    func policy(role: Role) {
        let given: [Role: [Role]] = [.owner: Role.allCases, .officer: [.editor, .viewer]]
        #expect(SeatPolicy.roles(givenBy: [role]) == given[role] ?? [])
        #expect(SeatPolicy.roles(givenBy: [role, .owner]) == Role.allCases)
    }

    @Test("reminders go out 30 and 7 days before an end, then the end is told, each once", arguments: noticeCases)
    func notices(day: Int, told: [SeatTerm.Notice], isOverdue: Bool, step: SeatTerm.Notice?, next: Int?) {
        let term = SeatTerm(endsAt: Sketch.day(100), isOverdue: isOverdue, told: Set(told))
        #expect(term.step(at: Sketch.day(day)) == step)
        #expect(term.next(after: Sketch.day(day)) == next.map { Sketch.day($0) })
        #expect(SeatTerm(endsAt: nil, isOverdue: isOverdue, told: []).step(at: Sketch.day(day)) == nil)
    }

    private static let noticeCases: [(Int, [SeatTerm.Notice], Bool, SeatTerm.Notice?, Int?)] = [
        (0, [], false, nil, 70), (69, [], false, nil, 70), (70, [], false, .month, 93), (71, [.month], false, nil, 93),
        (93, [.month], false, .week, 100), (93, [], false, .week, 100), (99, [.month, .week], false, nil, 100),
        (100, [.month, .week], false, .ended, nil), (100, [], false, .ended, nil), (300, [.ended], false, nil, nil),
        (100, [.week], true, .overdue, nil), (300, [.overdue], true, nil, nil), (300, [.overdue], false, .ended, nil),
    ]

    @Test("a term ends with 30 June where the organization is, or the next one if that is near", arguments: days)
    func usualEnds(now: String, day: String) throws {
        let calendar = TermCalendar(zone: try #require(TimeZoneRules.named("America/Los_Angeles")))
        let now = try #require(Instant(now))
        #expect(calendar.usualEnd(at: now).description == day)
    }

    private static let days = [
        ("2026-09-15T12:00:00Z", "2027-06-30"), ("2027-01-01T07:59:59Z", "2027-06-30"), ("2027-05-01T12:00:00Z", "2027-06-30"),
        ("2027-05-02T12:00:00Z", "2028-06-30"), ("2027-06-30T12:00:00Z", "2028-06-30"), ("2027-07-01T12:00:00Z", "2028-06-30"),
    ]

    @Test("a last day counts to its end, in the organization's own time zone")
    func zone() throws {
        let calendar = TermCalendar(zone: try #require(TimeZoneRules.named("America/Los_Angeles")))
        let now = try #require(Instant("2027-01-15T08:00:00Z"))
        let day = try #require(calendar.day("2027-06-30", at: now))
        #expect(calendar.end(of: day) == Instant("2027-07-01T07:00:00Z"))
        #expect(calendar.lastDay(before: calendar.end(of: day)) == day)
        for text in ["", "2027-01-14", "2037-01-16", "soon", "2027-02-30", "2027-06-30T10:00:00Z", "99999-01-01"] {
            #expect(calendar.day(text, at: now) == nil, "\(text)")
        }
        #expect(calendar.day("2027-01-15", at: now) != nil && calendar.day("2037-01-15", at: now) != nil)
    }

    // MARK: Recovery

    private static let small = "O owner 0-,A officer 0-,B officer 0-,C treasurer 0-,D editor 0-"

    @Test("who may ask for whom", arguments: asks)
    func asking(seats: String, asker: Character, candidate: Character, allowed: Bool) {
        #expect(OwnerRecovery.mayAsk(Sketch.user(asker), for: Sketch.user(candidate), Sketch.roster(seats), at: Sketch.day(1)) == allowed)
    }

    private static let asks: [(String, Character, Character, Bool)] = [
        (small, "A", "B", true), (small, "A", "A", true), (small, "A", "C", true), (small, "A", "D", false), (small, "A", "O", false),
        (small, "A", "E", false), (small, "C", "A", false), (small, "D", "A", false), (small, "O", "A", false),
        ("A officer 0-1,B officer 0-", "A", "B", false), ("A officer 0-,B officer 0-1", "A", "B", false),
        ("A officer 2-,B officer 0-", "A", "B", false),
    ]

    @Test("what becomes of an asking as time passes and seats change", arguments: steps)
    func recovery(seats: String, approver: Character?, due: Int?, day: Int, step: OwnerRecovery.Step) {
        let recovery = OwnerRecovery(
            candidate: Sketch.user("C"), asker: Sketch.user("A"), askedAt: Sketch.day(0), approver: approver.map { Sketch.user($0) },
            dueAt: due.map { Sketch.day($0) })
        #expect(recovery.step(Sketch.roster(seats), at: Sketch.day(day)) == step)
    }

    private static let steps: [(String, Character?, Int?, Int, OwnerRecovery.Step)] = [
        (small, nil, nil, 0, .wait(until: Sketch.day(14))), (small, nil, nil, 13, .wait(until: Sketch.day(14))), (small, nil, nil, 14, .lapse),
        (small, "B", 10, 9, .wait(until: Sketch.day(10))), (small, "B", 10, 10, .makeOwner), (small, "B", 10, 500, .makeOwner),
        // Whoever loses the seat takes the agreement along.
        ("A officer 0-5,B officer 0-,C treasurer 0-", "B", 10, 10, .lapse), ("A officer 0-,B officer 0-5,C treasurer 0-", "B", 10, 10, .lapse),
        ("A officer 0-,B officer 0-,C treasurer 0-5", "B", 10, 6, .lapse), ("A officer 0-,B officer 0-,C owner 0-", "B", 10, 10, .lapse),
        ("A officer 0-,B editor 0-,C treasurer 0-", "B", 10, 10, .lapse),
    ]

    @Test("another officer has to agree, and the owners have a week, if there are any", arguments: approvals)
    func approval(seats: String, approver: Character, allowed: Bool, due: Int) {
        let roster = Sketch.roster(seats)
        let recovery = OwnerRecovery(candidate: Sketch.user("C"), asker: Sketch.user("A"), askedAt: Sketch.day(0))
        #expect(recovery.mayApprove(Sketch.user(approver), roster, at: Sketch.day(3)) == allowed)
        #expect(OwnerRecovery.due(roster, approvedAt: Sketch.day(3)) == Sketch.day(due))
    }

    private static let approvals: [(String, Character, Bool, Int)] = [
        (small, "B", true, 10), (small, "A", false, 10), (small, "C", false, 10), (small, "D", false, 10), (small, "O", false, 10),
        // An owner past the end is in force, and is asked too.
        ("O owner 0-1,A officer 0-,B officer 0-,C treasurer 0-", "B", true, 10),
        ("A officer 0-,B officer 0-,C treasurer 0-", "B", true, 3),
    ]
}
