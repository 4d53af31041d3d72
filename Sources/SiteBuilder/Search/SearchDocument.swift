/// One page as search shows it.
package struct SearchDocument: Sendable, Hashable {
    /// Path from the site's root, with a slash in front: "/news/2026/welcome/". In an offline copy the path of the file.
    package var url: String
    package var title: String
    /// One sentence; what goes beyond 320 bytes is cut off.
    package var description: String
    /// Headings and tags: found before words of the text.
    package var topics: [String]
    /// What the page is, in its language, for readers: "News".
    package var kind: String
    /// The page's date, for readers: "September 2, 2026". May be empty.
    package var dateText: String
    /// The same date as `2026-09-02` or with a time: of two pages that fit equally well the newer one comes first. Empty comes last.
    package var date: String

    package init(
        url: String, title: String, description: String, topics: [String] = [], kind: String = "", dateText: String = "", date: String = ""
    ) {
        self.url = url
        self.title = title
        self.description = description
        self.topics = topics
        self.kind = kind
        self.dateText = dateText
        self.date = date
    }
}
