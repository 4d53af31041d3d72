import Hummingbird
import Logging
import StaticSites
import Tenancy

/// What is known of a request for the app host: made once, before any route sees it, and never changed.
struct AppContext: RequestContext {
    /// What a context is made from.
    struct Source: RequestContextSource {
        let requestID: String
        let visit: AppVisit
        let forwarded: ForwardedRequest
        /// As it came, for what is answered from the sites.
        let original: SiteRequest
        let logger: Logger
    }

    /// Hummingbird's own part: the logger, and the parameters of the path.
    var coreContext: CoreRequestContextStorage
    let requestID: String
    let visit: AppVisit
    let forwarded: ForwardedRequest
    let original: SiteRequest

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = source.requestID
        visit = source.visit
        forwarded = source.forwarded
        original = source.original
    }
}
