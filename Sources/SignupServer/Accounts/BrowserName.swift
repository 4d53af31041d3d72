/// What a user calls a browser: `Firefox, Windows`. Just enough to know one's own again; versions and models are not kept.
enum BrowserName {
    /// - Parameter userAgent: the header, of any content.
    static func of(userAgent: String?) -> String {
        let text = String((userAgent ?? "").prefix(500))
        // Most browsers name others too: the more particular name stands first.
        let browser = [
            ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ].first { text.contains($0.0) }?.1
        let system = [
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("Linux", "Linux"),
        ].first { text.contains($0.0) }?.1
        return [browser, system].compactMap { $0 }.joined(separator: ", ")
    }
}
