package import Tenancy

extension SourcePage {
    /// The day and time that a post is of, in its front matter or its file's name; what other pages say.
    package func date(in zone: TimeZoneRules) -> CivilDateTime? {
        kind == .news ? SiteModeler.date(ofPost: self, in: zone) : frontMatter.date?.local(in: zone)
    }

    /// Where the page is on the site when it is published: decoded, from the root of the host, with a slash at its end. Nil for a post without
    /// a date, which has no place.
    package func path(in settings: Settings, zone: TimeZoneRules) -> String? {
        let prefix = SiteModeler.prefix(of: language ?? settings.defaultLanguage, in: settings)
        guard kind == .news else { return prefix + SiteModeler.path(of: stem) }
        return date(in: zone).map { prefix + SiteModeler.path(ofPost: stem, $0) }
    }

    /// A path as it stands in an address (RFC 3986, 2.1).
    package static func encoded(_ path: String) -> String { PathSegment.encoded(path) }
}
