import Foundation
import HTTPTypes
import Hummingbird
import Mail
import Templating

/// `/dev/outbox`: the mails that were written into a folder instead of being sent. For trying things out: whoever reads them can sign in as
/// anybody, so in production there are no such routes.
struct OutboxRoutes: Sendable {
    let outbox: FileOutbox

    /// Nil where mails are really sent, and in production.
    init?(_ settings: ServerSettings) {
        guard settings.environment == .development, settings.mail.transport == .file else { return nil }
        outbox = FileOutbox(folder: settings.mail.outbox)
    }

    static let path = "/dev/outbox"

    var routes: [Route] {
        [
            Route(.get, "/dev/outbox", surface: .app, permission: .anyone) { _, _ in await list() },
            Route(.get, "/dev/outbox/{name}", surface: .app, permission: .anyone) { _, context in
                guard let name = context.parameters.get("name").flatMap({ FileOutbox.Name($0) }), let mail = await outbox.read(name) else {
                    throw HTTPError(.notFound)
                }
                return page(mail["Subject"] ?? "", Self.content(of: mail))
            },
        ]
    }

    private func list() async -> Response {
        var rows = ""
        for name in await outbox.list() {
            guard let mail = await outbox.read(name) else { continue }
            let cells = [mail["Date"], mail["To"]].map { "<td>\(($0 ?? "").escapedForHTML)</td>" }.joined()
            rows += "<tr>\(cells)<td><a href=\"\(Self.path)/\(name)\">\((mail["Subject"] ?? "").escapedForHTML)</a></td></tr>\n"
        }
        let table = "<table><thead><tr><th>Date</th><th>To</th><th>Subject</th></tr></thead>\n<tbody>\n\(rows)</tbody></table>"
        let title = "Outbox"
        return page(title, "<h1>\(title)</h1>\n" + (rows.isEmpty ? "<p>No mails yet.</p>" : table))
    }

    private static func content(of mail: WrittenMail) -> String {
        let headers = mail.headers.map { "<tr><th scope=\"row\">\($0.name.escapedForHTML)</th><td>\($0.value.escapedForHTML)</td></tr>\n" }
        var content =
            "<p><a href=\"\(path)\">Outbox</a></p>\n<h1>\((mail["Subject"] ?? "").escapedForHTML)</h1>\n<table>\(headers.joined())</table>\n"
        if let text = mail.text { content += "<h2>Text</h2>\n<pre>\(linked(text))</pre>\n" }
        if let html = mail.html {
            // Without scripts, forms or the page's origin; links open beside it.
            content += """
                <h2>HTML</h2>
                <iframe title="HTML part" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="\(("<base target=_blank>" + html).escapedForHTML)"></iframe>

                """
        }
        return content
    }

    /// Web addresses in a text as links.
    private static func linked(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let begin = rest.range(of: #"https?://[!-;=?-~]+"#, options: .regularExpression) {
            let address = String(rest[begin]).escapedForHTML
            result += String(rest[..<begin.lowerBound]).escapedForHTML + "<a href=\"\(address)\">\(address)</a>"
            rest = rest[begin.upperBound...]
        }
        return result + String(rest).escapedForHTML
    }

    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private func page(_ title: String, _ content: String) -> Response {
        var response = Response.html(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title.escapedForHTML) · Outbox</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; overflow-wrap: anywhere }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid }
            iframe { width: 100%; height: 40rem; border: 1px solid; background: #fff }
            </style>
            </head>
            <body>
            <main>
            \(content)
            </main>
            </body>
            </html>

            """)
        response.headers[.contentSecurityPolicy] = Self.policy
        return response
    }
}
