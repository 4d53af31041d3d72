/// The providers whose frames may be embedded, by a click of the reader.
package enum EmbedHosts {
    package enum Kind: String, Sendable, CaseIterable {
        case video, map, calendar, form, document, donation
    }

    package struct Provider: Sendable, Hashable {
        /// Its name as readers know it.
        package let label: String
        package let kind: Kind
        /// Every host it is embedded from. Frames are loaded from the first where all serve the same.
        package let hosts: [String]
        /// What a path must start with. A prefix without a slash at its end is a whole path segment.
        let pathPrefixes: [String]
        /// Whether an address on another of the hosts is changed to the first, which sets fewer cookies.
        var prefersFirstHost = false
    }

    /// A frame that may be offered.
    struct Match {
        let provider: Provider
        /// The frame's `https` address.
        let address: [UInt8]
    }

    package static let providers: [Provider] = [
        Provider(
            label: "YouTube", kind: .video,
            hosts: ["www.youtube-nocookie.com", "www.youtube.com", "youtube.com", "m.youtube.com", "youtube-nocookie.com"],
            pathPrefixes: ["/embed/"], prefersFirstHost: true),
        Provider(label: "Vimeo", kind: .video, hosts: ["player.vimeo.com"], pathPrefixes: ["/video/"]),
        Provider(
            label: "Google Maps", kind: .map, hosts: ["www.google.com", "maps.google.com"],
            pathPrefixes: ["/maps/embed", "/maps/d/embed", "/maps/d/u/0/embed", "/maps"]),
        Provider(label: "OpenStreetMap", kind: .map, hosts: ["www.openstreetmap.org"], pathPrefixes: ["/export/embed.html"]),
        Provider(
            label: "Google Calendar", kind: .calendar, hosts: ["calendar.google.com"],
            pathPrefixes: ["/calendar/embed", "/calendar/u/0/embed", "/calendar/b/0/embed"]),
        Provider(label: "Google Forms", kind: .form, hosts: ["docs.google.com"], pathPrefixes: ["/forms/d/"]),
        Provider(
            label: "Google Docs", kind: .document, hosts: ["docs.google.com"],
            pathPrefixes: ["/presentation/d/", "/document/d/", "/spreadsheets/d/"]),
        Provider(label: "Google Drive", kind: .document, hosts: ["drive.google.com"], pathPrefixes: ["/file/d/"]),
        Provider(
            label: "Microsoft Forms", kind: .form, hosts: ["forms.office.com", "forms.microsoft.com", "forms.cloud.microsoft"],
            pathPrefixes: ["/Pages/ResponsePage.aspx", "/pages/responsepage.aspx", "/r/", "/e/"]),
        Provider(label: "Jotform", kind: .form, hosts: ["form.jotform.com", "www.jotform.com"], pathPrefixes: ["/"]),
        Provider(label: "Airtable", kind: .form, hosts: ["airtable.com"], pathPrefixes: ["/embed/"]),
        Provider(label: "SignUpGenius", kind: .form, hosts: ["www.signupgenius.com"], pathPrefixes: ["/go/"]),
        Provider(label: "Zeffy", kind: .donation, hosts: ["www.zeffy.com"], pathPrefixes: ["/embed/", "/en-US/embed/", "/es-US/embed/"]),
        Provider(label: "Givebutter", kind: .donation, hosts: ["givebutter.com"], pathPrefixes: ["/embed/"]),
        Provider(label: "Donorbox", kind: .donation, hosts: ["donorbox.org"], pathPrefixes: ["/embed/"]),
    ]

    /// The hosts for a Content-Security-Policy's `frame-src`, sorted.
    package static let frameHosts: [String] = Set(providers.flatMap { $0.prefersFirstHost ? Array($0.hosts.prefix(1)) : $0.hosts }).sorted()

    /// The provider of an address, which must be `https://host/path` or `//host/path`: no user, no port, no dot segments.
    static func match(_ address: ArraySlice<UInt8>) -> Match? {
        guard URLPolicy.kind(of: address) == .external, let authority = authority(of: address) else { return nil }
        let host = authority.map(ASCII.lowercased)
        let path = address[authority.endIndex...]
        guard !hasDotSegment(path) else { return nil }
        for provider in providers where provider.pathPrefixes.contains(where: { starts(path, with: $0) }) {
            guard let found = provider.hosts.first(where: { host.elementsEqual($0.utf8) }) else { continue }
            let target = provider.prefersFirstHost ? provider.hosts.first ?? found : found
            return Match(provider: provider, address: Array("https://\(target)".utf8) + path)
        }
        return nil
    }

    /// What stands between `https://` and the path; nil for `http`.
    private static func authority(of address: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let scheme = "https://".utf8
        let isAbsolute = address.prefix(scheme.count).elementsEqual(scheme) { ASCII.lowercased($0) == $1 }
        guard isAbsolute || address.starts(with: "//".utf8) else { return nil }
        return address.dropFirst(isAbsolute ? scheme.count : 2).prefix { !"/?#".utf8.contains($0) }
    }

    private static func starts(_ path: ArraySlice<UInt8>, with prefix: String) -> Bool {
        guard path.starts(with: prefix.utf8) else { return false }
        guard prefix.utf8.last != UInt8(ascii: "/"), let next = path.dropFirst(prefix.utf8.count).first else { return true }
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "?") || next == UInt8(ascii: "#")
    }

    /// Whether a browser could shorten the path to one with another start.
    private static func hasDotSegment(_ address: ArraySlice<UInt8>) -> Bool {
        let path = address.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return zip(path, path.dropFirst()).contains { $0 == UInt8(ascii: "/") && ($1 == UInt8(ascii: ".") || $1 == UInt8(ascii: "%")) }
    }
}
