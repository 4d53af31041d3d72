import Database

/// What can be done with an organization. The raw value is kept for ever: one that has been in use is never changed.
enum AuditAction: String, Sendable, Hashable, CaseIterable {
    case organizationFounded = "organization.founded"
    case trialExtended = "trial.extended"
    case trialEnded = "trial.ended"
    case suspended = "organization.suspended"
    case resumed = "organization.resumed"
    case closed = "organization.closed"
    case reopened = "organization.reopened"
    case exported = "organization.exported"

    /// Settings, pages, pictures: the subject is the commit.
    case contentChanged = "content.changed"

    case invited = "seat.invited"
    case invitationWithdrawn = "seat.invitation_withdrawn"
    case seatTaken = "seat.taken"
    case seatChanged = "seat.changed"
    case seatEnded = "seat.ended"
    case handoverBegun = "seat.handover_begun"
    case handoverTaken = "seat.handover_taken"
    case recoveryAsked = "recovery.asked"
    case recoveryApproved = "recovery.approved"
    case recoveryRefused = "recovery.refused"
    case ownerRestored = "recovery.owner_restored"
    case secondFactorRequired = "security.second_factor_required"
    case secondFactorNotRequired = "security.second_factor_not_required"

    case consentGiven = "operator.consent_given"
    case consentWithdrawn = "operator.consent_withdrawn"
    case operatorEntered = "operator.entered"

    case tokenMade = "token.made"
    case tokenRevoked = "token.revoked"

    /// In a sentence without a subject, for people.
    var words: Words {
        switch self {
        case .organizationFounded: "audit.founded"
        case .trialExtended: "audit.trial_extended"
        case .trialEnded: "audit.trial_ended"
        case .suspended: "audit.suspended"
        case .resumed: "audit.resumed"
        case .closed: "audit.closed"
        case .reopened: "audit.reopened"
        case .exported: "audit.exported"
        case .contentChanged: "audit.content_changed"
        case .invited: "audit.invited"
        case .invitationWithdrawn: "audit.invitation_withdrawn"
        case .seatTaken: "audit.seat_taken"
        case .seatChanged: "audit.seat_changed"
        case .seatEnded: "audit.seat_ended"
        case .handoverBegun: "audit.handover_begun"
        case .handoverTaken: "audit.handover_taken"
        case .recoveryAsked: "audit.recovery_asked"
        case .recoveryApproved: "audit.recovery_approved"
        case .recoveryRefused: "audit.recovery_refused"
        case .ownerRestored: "audit.owner_restored"
        case .secondFactorRequired: "audit.second_factor_required"
        case .secondFactorNotRequired: "audit.second_factor_not_required"
        case .consentGiven: "audit.consent_given"
        case .consentWithdrawn: "audit.consent_withdrawn"
        case .operatorEntered: "audit.operator_entered"
        case .tokenMade: "audit.token_made"
        case .tokenRevoked: "audit.token_revoked"
        }
    }
}

extension AuditAction: SQLConvertible {}
