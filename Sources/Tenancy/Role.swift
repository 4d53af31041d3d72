/// What a user may do in an organization. A role is a seat: it is held for a term.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case owner, officer, editor, treasurer, viewer
}
