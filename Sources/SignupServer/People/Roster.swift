import Tenancy

/// The seats of one organization, and which of them count at a moment. No I/O and no clock.
///
/// A seat is **open** from its start to its end. An organization is never without an owner: when the last owner's end comes, that seat stays
/// **in force** until another owner's seat is open. So owners may have terms as everybody else, and nobody has to be awake at midnight.
struct Roster: Sendable {
    let seats: [Membership]

    func seat(_ id: UniqueID) -> Membership? { seats.first { $0.id == id } }

    /// Whether a seat lets its holder in.
    func isInForce(_ seat: Membership, at now: Instant) -> Bool {
        seat.isOpen(at: now) || isOverdue(seat, at: now)
    }

    /// Past its end, and still in force. The owner who was last counts, not one who went long ago or was sent away: a seat is ended by hand only
    /// while another owner's is open, so that one's end is later. Two whose terms end together both stay.
    func isOverdue(_ seat: Membership, at now: Instant) -> Bool {
        guard seat.role == .owner, seat.startsAt <= now, let end = seat.endsAt, end <= now else { return false }
        let owners = seats.filter { $0.role == .owner && $0.startsAt <= now }
        return !owners.contains { $0.isOpen(at: now) } && owners.allSatisfy { $0.endsAt.map { $0 <= end } ?? false }
    }

    func inForce(at now: Instant) -> [Membership] { seats.filter { isInForce($0, at: now) } }

    func inForce(_ role: Role, at now: Instant) -> [Membership] { inForce(at: now).filter { $0.role == role } }

    func roles(of user: UniqueID, at now: Instant) -> Set<Role> { Set(inForce(at: now).filter { $0.user == user }.map(\.role)) }

    /// Whether a seat may be given this end. An owner's may end at a moment only if another owner's is open then, and is open now: one that begins
    /// later may never be taken. A later end than it has is always good.
    /// - Parameter end: nil for none; `now` for at once.
    func mayEnd(_ seat: Membership, at end: Instant?, now: Instant) -> Bool {
        guard seat.role == .owner, let end else { return true }
        if end > now, let present = seat.endsAt, end >= present { return true }
        return seats.contains { $0.id != seat.id && $0.role == .owner && $0.isOpen(at: now) && $0.isOpen(at: max(end, now)) }
    }
}

extension Membership {
    func isOpen(at moment: Instant) -> Bool { startsAt <= moment && (endsAt.map { moment < $0 } ?? true) }
}

/// Who may do what with whose seat.
enum SeatPolicy {
    /// The roles that somebody with these may give, change and take away.
    static func roles(givenBy roles: Set<Role>) -> [Role] {
        if roles.contains(.owner) { return Role.allCases }
        // An officer finds help for the site. Who is on the board, and who keeps the money, is for the owners.
        return roles.contains(.officer) ? [.editor, .viewer] : []
    }
}
