package import Tenancy

/// What a column or a parameter holds.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    /// Only as a parameter: the record's own id, after a check that it is a record of the organization whose file is in use.
    case record(RecordID)
}
