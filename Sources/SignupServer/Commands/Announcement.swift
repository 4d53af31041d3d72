import Glibc
import SiteBuilder
import Synchronization
import Tenancy

/// Tells a person at a terminal where the sites are, once they are built. In production nobody is there, and the log says it.
final class Announcement: Sendable {
    private let settings: ServerSettings
    private let port = Mutex(0)

    init(settings: ServerSettings) {
        self.settings = settings
    }

    func isListening(on port: Int) { self.port.withLock { $0 = port } }

    func isBuilt(_ reports: [TenantReport]) {
        guard settings.environment == .development else { return }
        print(Self.text(reports, settings, port: port.withLock { $0 }))
        fflush(nil)
    }

    static func text(_ reports: [TenantReport], _ settings: ServerSettings, port: Int) -> String {
        let linkPort = settings.linkPort(listeningOn: port)
        let suffix = linkPort.map { ":\($0)" } ?? ""
        let address = SitesAddress(scheme: settings.publicScheme, domain: settings.sitesDomain.text, port: linkPort)
        let failed = reports.filter { if case .failed = $0.outcome { true } else { false } }.count
        var lines = ["\(reports.count - failed) sites are ready" + (failed > 0 ? ", \(failed) can't be built" : ""), ""]
        lines.append("  \(settings.publicScheme)://\(settings.appHost)\(suffix)/  all sites")
        lines += reports.prefix(20).map { "  \(address.origin(of: $0.slug))/" }
        if reports.count > 20 { lines.append("  and \(reports.count - 20) more") }
        return (lines + ["", "  Press Control-C to stop."]).joined(separator: "\n")
    }
}
