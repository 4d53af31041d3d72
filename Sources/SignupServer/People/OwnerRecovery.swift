import Tenancy

/// How an organization whose owners are gone gets a new one: two officers agree on somebody of the board, and no owner says no for a week.
///
/// Why so: one officer alone could be anybody who has read a mail that was not theirs; of two, both would have to be. The owners who are in
/// force hear of it at once, and one word ends it, because whoever answers is not gone. The week is for holidays. Only if there is no owner in
/// force is there nobody to wait for. Whoever loses the seat meanwhile takes the agreement along. No I/O and no clock.
struct OwnerRecovery: Sendable, Hashable {
    let candidate: UniqueID
    let asker: UniqueID
    let askedAt: Instant
    var approver: UniqueID?
    /// When an owner's silence counts as consent; set by the approval.
    var dueAt: Instant?

    /// Until which the second officer has to agree.
    static let approvalSeconds: Int64 = 14 * 86_400
    /// For an owner to refuse.
    static let refusalSeconds: Int64 = 7 * 86_400
    /// Seats from which an owner may come. Who only writes pages, or looks, was given no say by anybody.
    static let candidateRoles: Set<Role> = [.officer, .treasurer]

    enum Step: Sendable, Hashable {
        /// Until then nothing changes by itself.
        case wait(until: Instant)
        case makeOwner
        /// Nobody agreed in time, or one of those whom it rests on has no seat any more.
        case lapse
    }

    static func mayAsk(_ user: UniqueID, for candidate: UniqueID, _ roster: Roster, at now: Instant) -> Bool {
        roster.roles(of: user, at: now).contains(.officer) && isCandidate(candidate, roster, at: now)
    }

    static func candidates(_ roster: Roster, at now: Instant) -> Set<UniqueID> {
        Set(roster.inForce(at: now).map(\.user)).filter { isCandidate($0, roster, at: now) }
    }

    private static func isCandidate(_ user: UniqueID, _ roster: Roster, at now: Instant) -> Bool {
        let roles = roster.roles(of: user, at: now)
        return !roles.isDisjoint(with: candidateRoles) && !roles.contains(.owner)
    }

    /// Another officer than the one who asked, while the asking stands.
    func mayApprove(_ user: UniqueID, _ roster: Roster, at now: Instant) -> Bool {
        guard approver == nil, user != asker, case .wait = step(roster, at: now) else { return false }
        return roster.roles(of: user, at: now).contains(.officer)
    }

    /// When the approval takes effect that is given now.
    static func due(_ roster: Roster, approvedAt now: Instant) -> Instant {
        roster.inForce(.owner, at: now).isEmpty ? now : now.adding(seconds: refusalSeconds)
    }

    func step(_ roster: Roster, at now: Instant) -> Step {
        guard Self.mayAsk(asker, for: candidate, roster, at: now) else { return .lapse }
        guard let approver, let dueAt else {
            let end = askedAt.adding(seconds: Self.approvalSeconds)
            return now < end ? .wait(until: end) : .lapse
        }
        guard roster.roles(of: approver, at: now).contains(.officer) else { return .lapse }
        return now < dueAt ? .wait(until: dueAt) : .makeOwner
    }
}
