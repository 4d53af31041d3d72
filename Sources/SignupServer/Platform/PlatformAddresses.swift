import SiteBuilder
import Synchronization
import Tenancy

/// The addresses of the platform and of its sites, as they stand in links and mails: made from the settings, never from a request.
final class PlatformAddresses: Sendable {
    private let settings: ServerSettings
    private let port = Mutex<Int?>(nil)

    init(_ settings: ServerSettings) {
        self.settings = settings
    }

    /// The port is known when the server listens; before, the settings' own stands for it.
    func isListening(on port: Int) { self.port.withLock { $0 = port } }

    private var linkPort: Int? { settings.linkPort(listeningOn: port.withLock { $0 } ?? settings.port) }

    /// `https://app.example`, without a slash at its end.
    var app: String { "\(settings.publicScheme)://\(settings.appHost)\(linkPort.map { ":\($0)" } ?? "")" }

    var sites: SitesAddress {
        SitesAddress(scheme: settings.publicScheme, domain: settings.sitesDomain.text, port: linkPort)
    }

    /// `https://lincoln.sites.example`
    func site(_ slug: Slug) -> String { sites.origin(of: slug.text) }
}
