import Database
import Tenancy

/// A seat that somebody is asked to take, anew or over from somebody.
struct Invitation: Sendable, Hashable {
    let id: UniqueID
    let organization: OrganizationID
    /// Empty when it is accepted.
    let email: String
    let role: Role
    let title: String
    let seatEndsAt: Instant?
    let isHandover: Bool
    /// Nil when that seat is gone.
    let handoverSeat: UniqueID?
    let handoverEndsAt: Instant?
    let invitedBy: UniqueID?
    let createdAt: Instant
    let expiresAt: Instant
    let acceptedAt: Instant?
    let acceptedBy: UniqueID?

    init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        organization = try row["organization_id"]
        email = try row["email"]
        role = try row["role"]
        title = try row["title"]
        seatEndsAt = try row["seat_ends_at"]
        isHandover = try row["is_handover"]
        handoverSeat = try row["handover_seat_id"]
        handoverEndsAt = try row["handover_ends_at"]
        invitedBy = try row["invited_by"]
        createdAt = try row["created_at"]
        expiresAt = try row["expires_at"]
        acceptedAt = try row["accepted_at"]
        acceptedBy = try row["accepted_by"]
    }

    func isOpen(at now: Instant) -> Bool { acceptedAt == nil && now < expiresAt }
}

/// What a new invitation says.
struct InvitationDraft: Sendable {
    let email: EmailAddress
    let role: Role
    let title: String
    /// Nil for a seat without an end.
    let seatEndsAt: Instant?
    /// For a handover.
    var handover: (seat: UniqueID, endsAt: Instant)?
}
