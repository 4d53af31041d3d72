/// Which record of which organization. Number 1 of one school and number 1 of another are different records, and the text says both, so that
/// a record can't be taken for another tenant's in a cache, a form or a job.
package struct RecordID: Sendable, Hashable {
    package let organization: OrganizationID
    /// The record's own id within its organization.
    package let value: UniqueID

    package init(_ value: UniqueID, of organization: OrganizationID) {
        self.value = value
        self.organization = organization
    }

    /// Reads what `description` says; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let organization = OrganizationID(parts[0]), let value = UniqueID(parts[1]) else { return nil }
        self.init(value, of: organization)
    }
}

extension RecordID: CustomStringConvertible {
    /// `<organization id>/<record id>`
    package var description: String { "\(organization)/\(value)" }
}

extension RecordID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = RecordID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not two UUIDs with a slash between them")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
