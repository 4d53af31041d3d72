package import Tenancy

/// The lower-case text form.
extension UniqueID: SQLConvertible {
    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }
}

/// The lower-case text form.
extension OrganizationID: SQLConvertible {
    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }
}

/// `2026-09-02T18:00:00Z`: ISO 8601 in UTC, always 20 characters, so that text order is time order.
extension Instant: SQLConvertible {
    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue, text.utf8.count == 20, text.utf8.last == UInt8(ascii: "Z") else { return nil }
        self.init(text)
    }
}

/// As it stands in addresses.
extension Slug: SQLConvertible {
    package var sqlValue: SQLValue { .text(text) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue, let slug = try? Slug(text) else { return nil }
        self = slug
    }
}

/// The id alone: the file says whose it is. Read it with `Row.record(_:)`, which adds the organization.
extension RecordID: SQLConvertible {
    package var sqlValue: SQLValue { .record(self) }
    package init?(sqlValue: SQLValue) { nil }
}
