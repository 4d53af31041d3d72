import Glibc
import NIOCore

/// Why a server could not be started. The description is meant for the person who started it.
package enum ListenError: Error, CustomStringConvertible {
    case portInUse(Int)
    case notPermitted(Int)
    case other(port: Int, reason: String)

    /// From what `bind` has thrown.
    package init(_ error: any Error, port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .portInUse(port)
        case EACCES, EPERM: self = .notPermitted(port)
        default: self = .other(port: port, reason: String(describing: error))
        }
    }

    package var description: String {
        switch self {
        case .portInUse(let port): "Port \(port) is in use by another program: stop it, or choose another port, for example \(port &+ 1)."
        case .notPermitted(let port): "Port \(port) needs more rights than this program has: choose one from 1024 on, for example 8080."
        case .other(let port, let reason): "The server cannot listen on port \(port): \(reason)"
        }
    }
}
