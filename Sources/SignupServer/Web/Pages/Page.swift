import HTTPTypes
import Templating

/// A page of the app host, before it is in a language and in the frame that all pages share.
struct Page: Sendable {
    /// `Templates/server/<template>.mustache`.
    let template: String
    /// In the browser's title bar, and what `{{title}}` gives to the template for its heading.
    let title: Words
    var status = HTTPResponse.Status.ok
    var form: FormView?
    /// More strings with something in their places, by the names that the template has for them.
    var words: [String: Words] = [:]
    /// What else the template shows.
    var values: TemplateObject = [:]
    /// For pages that more fits on than text and a form: lists and dashboards.
    var isWide = false
    /// Whether a notice above it says that editing rests, where it does. Pages that say so themselves need none.
    var showsStanding = true

    init(
        _ template: String, title: Words, status: HTTPResponse.Status = .ok, form: FormView? = nil, words: [String: Words] = [:],
        values: TemplateObject = [:], isWide: Bool = false
    ) {
        self.template = template
        self.title = title
        self.status = status
        self.form = form
        self.words = words
        self.values = values
        self.isWide = isWide
    }
}
