/// The headers that every answer carries, errors too. One table, as data: the responder sends it, and configurations for other web
/// servers are generated from it.
package struct SecurityHeaders: Sendable {
    /// Where an answer comes from, and so what it may do in a browser.
    package enum Surface: Sendable, CaseIterable {
        /// An organization's own host.
        case site
        /// A site below `/org/<slug>/`, on one origin with all others. A sandbox gives its pages an origin of their own, so that they
        /// share no storage, cookie or service worker with their neighbours.
        case sharedPath
        /// The app host.
        case app
    }

    package enum Failure: Error, CustomStringConvertible {
        case badSource(String)

        package var description: String {
            switch self {
            case .badSource(let text):
                "\(text): not a source for a Content-Security-Policy: write https:// and a host, for example https://www.youtube-nocookie.com"
            }
        }
    }

    private let frameSources: [String]
    private let formTargets: [String]

    /// Nothing is embedded, and forms post to the site's own host.
    package static let standard = SecurityHeaders()

    private init() {
        frameSources = []
        formTargets = []
    }

    /// - Parameters:
    ///   - frameSources: origins whose pages may be embedded in sites.
    ///   - formTargets: origins that forms may be sent to, the site's own besides.
    package init(frameSources: [String], formTargets: [String]) throws(Failure) {
        for source in frameSources + formTargets where !Self.isSource(source) { throw .badSource(source) }
        self.frameSources = frameSources
        self.formTargets = formTargets
    }

    package func fields(for surface: Surface) -> [HeaderField] {
        var fields = [
            HeaderField("Content-Security-Policy", HeaderValue(contentSecurityPolicy(for: surface))),
            HeaderField("X-Content-Type-Options", "nosniff"),
            HeaderField("Referrer-Policy", "strict-origin-when-cross-origin"),
            HeaderField("Permissions-Policy", Self.permissionsPolicy),
            HeaderField("X-Frame-Options", "DENY"),
        ]
        switch surface {
        case .site, .app:
            fields.append(HeaderField("Cross-Origin-Opener-Policy", "same-origin"))
        case .sharedPath:
            // A browser refuses a sandboxed page with an opener policy, and its scripts fetch from an origin that is not ours.
            fields.append(HeaderField("Access-Control-Allow-Origin", "*"))
        }
        return fields
    }

    private static let permissionsPolicy = HeaderValue(
        ["accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "midi", "payment", "usb"]
            .map { "\($0)=()" }.joined(separator: ", "))

    private func contentSecurityPolicy(for surface: Surface) -> String {
        let directives = [
            "default-src 'self'",
            "img-src 'self' data:",
            "style-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "frame-src \(frameSources.isEmpty || surface == .app ? "'none'" : frameSources.joined(separator: " "))",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action \((["'self'"] + formTargets).joined(separator: " "))",
            "frame-ancestors 'none'",
        ]
        let sandbox = [
            "sandbox", "allow-scripts", "allow-forms", "allow-modals", "allow-downloads", "allow-popups", "allow-popups-to-escape-sandbox",
            "allow-top-navigation-by-user-activation",
        ]
        return (surface == .sharedPath ? directives + [sandbox.joined(separator: " ")] : directives).joined(separator: "; ")
    }

    /// `https://host`, with a port and a wild card if need be; `http://` for hosts that only exist on this machine.
    private static func isSource(_ text: String) -> Bool {
        guard text.hasPrefix("https://") || text.hasPrefix("http://localhost") else { return false }
        return text.utf8.count > "https://".utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "*"):
                    true
                default: false
                }
            }
    }
}
