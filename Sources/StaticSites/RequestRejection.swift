/// Why a request is answered before any site is looked at.
enum RequestRejection: Error {
    /// The target, the host or the path is not one that a browser sends.
    case badRequest
    /// No site has this host.
    case unknownHost
    case methodNotAllowed
    /// On a known host, but nothing can have this path.
    case notFound

    var status: Int {
        switch self {
        case .badRequest: 400
        case .unknownHost, .notFound: 404
        case .methodNotAllowed: 405
        }
    }
}
