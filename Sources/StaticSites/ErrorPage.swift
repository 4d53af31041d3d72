/// The pages for what goes wrong before there is a site to ask for its own.
enum ErrorPage {
    static func html(status: Int) -> [UInt8] {
        let (title, advice) = text(status)
        let page = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(title)</title>
            <h1>\(title)</h1>
            <p>\(advice)</p>
            </html>

            """
        return Array(page.utf8)
    }

    private static func text(_ status: Int) -> (title: String, advice: String) {
        switch status {
        case 400: ("This address cannot be read", "Look for a typing error in the address.")
        case 404: ("There is nothing here", "Look for a typing error in the address, or ask whoever gave it to you.")
        case 405: ("This cannot be done here", "Pages of this site can only be read.")
        case 408: ("That took too long", "The request did not arrive in time. Please try again.")
        case 412: ("The page has changed", "It is no longer the version that was asked for.")
        case 413: ("That is too much", "Pages of this site can only be read.")
        case 414, 431: ("This address is too long", "Please try a shorter one.")
        case 416: ("There is no such part", "The file is shorter than what was asked for.")
        default: ("Please try again", "The site cannot answer at the moment.")
        }
    }
}
