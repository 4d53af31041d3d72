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
        let cookies: RequestCookies
        let logger: Logger
    }

    /// Hummingbird's own part: the logger, and the parameters of the path.
    var coreContext: CoreRequestContextStorage
    let requestID: String
    let visit: AppVisit
    let forwarded: ForwardedRequest
    let original: SiteRequest
    let cookies: RequestCookies
    /// In which the answer speaks.
    let language: Language
    /// The reader has just asked for this language.
    let hasChosenLanguage: Bool
    /// Known to a route's handler; a stranger's before that.
    private(set) var access = Access.stranger

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = source.requestID
        visit = source.visit
        forwarded = source.forwarded
        original = source.original
        cookies = source.cookies
        let chosen = PageLanguage.chosen(in: source.visit.encodedQuery)
        language = PageLanguage.of(
            chosen: chosen, kept: source.cookies[.language], accepted: source.original.value(of: "accept-language"))
        hasChosenLanguage = chosen != nil
    }

    /// The same request, now that it is known who sends it.
    func known(as access: Access) -> AppContext {
        var context = self
        context.access = access
        return context
    }

    /// Who is signed in. Throws 401, which no route meets that asks for a permission.
    func user() throws -> SignedInUser {
        guard let user = access.user else { throw HTTPError(.unauthorized) }
        return user
    }

    /// The program that asks. Throws 401, which no route for programs meets.
    func program() throws -> ProgramAccess {
        guard let program = access.program else { throw HTTPError(.unauthorized) }
        return program
    }

    /// The organization that the route is about, and the user's roles in it. Throws 404, which no route meets that is for members.
    func organization() throws -> OrganizationAccess {
        guard let organization = access.organization else { throw HTTPError(.notFound) }
        return organization
    }
}
