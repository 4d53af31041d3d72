import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// What features answer browsers with: pages, forms that are guarded, cookies.
struct Web: Sendable {
    let pages: Pages
    let cookies: Cookies
    let formGuard: FormGuard
    let limiter: RateLimiter
    let key: ServerKey

    /// Reads the templates and the server's key. Throws `BuildError` or `ServerKey.Failure`.
    init(_ platform: Platform) throws {
        cookies = Cookies(scheme: platform.settings.publicScheme)
        pages = try Pages(folder: "\(platform.settings.templates)/server", cookies: cookies)
        limiter = RateLimiter()
        key = try ServerKey.load(folder: platform.settings.data, random: platform.random)
        formGuard = FormGuard(key: key, limiter: limiter, now: platform.now, random: platform.random)
    }

    /// A form that strangers may send, as it is shown.
    /// - Parameter data: what was sent, when it is shown again.
    func guarded(_ form: Form, _ entry: FormEntry, action: LocalPath, after data: FormData? = nil) -> FormView {
        FormView(form, entry, action: action, guardToken: formGuard.token(for: form.name, after: data))
    }

    /// Judges a form that strangers may send, after its answers were found right. Nil if it may go on; else the answer: a page that asks for some
    /// work and sends the same form again, or one that says when to come back.
    func held(
        _ form: Form, _ data: FormData, action: LocalPath, email: String? = nil, _ rules: FormGuard.Rules = FormGuard.Rules(),
        _ context: AppContext
    ) -> Response? {
        switch formGuard.judge(data, form: form.name, from: context.forwarded.client, email: email, rules) {
        case .passed: nil
        case .held(let challenge): pages.response(waitingPage(data, challenge, action), context)
        case .limited(let seconds): tooMany(seconds: seconds, context)
        }
    }

    /// The answer to what was done too often.
    func tooMany(seconds: Int, _ context: AppContext) -> Response {
        let minutes = (seconds + 59) / 60
        var response = pages.response(
            Page(
                "error", title: "error.429.title", status: .tooManyRequests,
                words: ["advice": .string("error.429.wait", ["minutes": String(minutes)])], values: ["request_id": .text(context.requestID)]),
            context)
        response.headers[.retryAfter] = String(seconds)
        return response
    }

    /// Everything that was typed goes along unseen. The trap does not, nor does the form's token: from here only the work or the wait leads on.
    private func waitingPage(_ data: FormData, _ challenge: ProofOfWork.Challenge, _ action: LocalPath) -> Page {
        let kept = data.without(FormGuard.Name.all)
        return Page(
            "waiting", title: "waiting.title",
            words: ["wait": .string("waiting.wait", ["seconds": String(ProofOfWork.waitSeconds)])],
            values: [
                "action": .text(action.text),
                "hidden": .list(kept.map { ["name": .text($0.name), "value": .text($0.value)] }),
                "token": .text(challenge.token), "salt": .text(challenge.salt), "target": .text(challenge.target),
                "maximum": .text(String(challenge.maximum)), "ticket": .text(challenge.ticket),
            ])
    }
}
