/// Which organization: the name of its folder, and the `organization_id` of its records. It never changes, unlike the slug.
package struct OrganizationID: Sendable, Hashable {
    package let value: UniqueID

    package init(_ value: UniqueID) { self.value = value }

    /// A new one.
    package init(at now: Instant, using random: inout some RandomNumberGenerator) {
        value = UniqueID(at: now, using: &random)
    }

    /// Reads the lower-case text form; nil for anything else. So a value of this type is safe as a folder's name.
    package init?(_ text: some StringProtocol) {
        guard let value = UniqueID(text) else { return nil }
        self.value = value
    }
}

extension OrganizationID: Comparable {
    package static func < (left: OrganizationID, right: OrganizationID) -> Bool { left.value < right.value }
}

extension OrganizationID: CustomStringConvertible {
    package var description: String { value.description }
}

extension OrganizationID: Codable {
    package init(from decoder: any Decoder) throws { value = try UniqueID(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
