/// Why the server could not be started. The description is meant for the person who started it.
enum HTTPServerError: Error, CustomStringConvertible {
    case portInUse(Int)
    case notPermitted(Int)
    case other(port: Int, reason: String)

    var description: String {
        switch self {
        case .portInUse(let port): "Port \(port) is in use by another program: stop it, or choose another port, for example \(port &+ 1)."
        case .notPermitted(let port): "Port \(port) needs more rights than this program has: choose one from 1024 on, for example 8080."
        case .other(let port, let reason): "The server cannot listen on port \(port): \(reason)"
        }
    }
}
