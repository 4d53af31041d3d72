/// An answer that a server sends as it is. `Content-Length` is among the headers wherever it belongs, also for HEAD, where the body is
/// `none`. `Date` and `Connection` are the server's.
package struct SiteResponse: Sendable {
    package var status: Int
    package var headers: [HeaderField]
    package var body: SiteBody

    package init(status: Int, headers: [HeaderField], body: SiteBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, written as in `headers`.
    package func value(of name: String) -> String? {
        headers.first { $0.name == name }?.value.text
    }
}
