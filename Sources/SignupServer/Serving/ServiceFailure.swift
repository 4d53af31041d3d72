import Database
import Foundation
import Repositories
import SiteBuilder

/// Why a route could not do its work although the request was right: what a reader is told, and whether trying again soon helps.
enum ServiceFailure: Sendable, Hashable {
    /// Somebody else is at it, or too many are.
    case busy
    case diskFull
    /// What is kept of an organization is broken: only the operator can help. Its neighbours are not touched by it.
    case damaged

    /// Nil for everything else: a defect of ours.
    init?(_ error: any Error) {
        switch error {
        case let error as DatabaseError:
            switch error {
            case .locked, .crowded, .closed, .cancelled: self = .busy
            case .full: self = .diskFull
            case .damaged, .newer, .migration, .unusable, .noOrganization: self = .damaged
            case .constraint, .foreignRecord, .statement, .value: return nil
            }
        case let error as RepositoryError:
            switch error {
            case .busy, .timedOut, .cancelled: self = .busy
            case .diskFull: self = .diskFull
            case .notFound, .unreadable, .unwritable, .git, .unsafe: self = .damaged
            default: return nil
            }
        case BuildError.busy: self = .busy
        case CocoaError.fileWriteOutOfSpace: self = .diskFull
        case POSIXError.ENOSPC: self = .diskFull
        default: return nil
        }
    }

    /// In `strings`.
    var name: String {
        switch self {
        case .busy: "error.503"
        case .diskFull: "error.full"
        case .damaged: "error.damaged"
        }
    }

    /// Seconds.
    var retryAfter: Int? { self == .busy ? 5 : self == .diskFull ? 60 : nil }
}
