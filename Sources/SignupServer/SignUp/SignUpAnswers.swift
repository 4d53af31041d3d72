import Tenancy

/// What somebody has told in the sign-up form, checked.
struct SignUpAnswers: Codable, Sendable, Hashable {
    var organizationName: String
    /// PTA, PTSA, …
    var kind: String
    var school: String
    /// Two letters.
    var state: String
    var email: String
    /// May parents write to this address?
    var showsEmail: Bool
    var slug: String
    /// In the person's own words: President, Webmaster.
    var title: String
    /// `#rrggbb`; nil for the starter's own.
    var primaryColor: String?
    var accentColor: String?
    /// Of the page on which the form was filled in.
    var language: String
    /// The code of an invitation, as it was typed.
    var inviteCode: String?

    /// What an organization can be.
    static let kinds = ["PTA", "PTSA", "PTO", "PTSO", "HSA", "Booster club"]

    var facts: OrganizationFacts {
        OrganizationFacts(
            school: school, state: state, kind: kind, timeZone: UnitedState(code: state)?.timeZone ?? "America/New_York",
            publicEmail: showsEmail ? email : nil, primaryColor: primaryColor, accentColor: accentColor)
    }
}
