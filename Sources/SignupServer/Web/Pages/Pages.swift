import Foundation
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// Makes the pages of the app host from `Templates/server`: templates, `partials/`, `strings/` in every language, `assets/`.
struct Pages: Sendable {
    let assets: PageAssets
    let strings: StringTable
    private let templates: TemplateSet
    private let cookies: Cookies

    /// Reads everything. Throws `BuildError` with file and line of what is wrong.
    init(folder: String, cookies: Cookies) throws(BuildError) {
        strings = try StringTable(folder: "\(folder)/strings")
        templates = try Self.readTemplates(folder)
        var files: [String: [UInt8]] = [:]
        for name in Self.names(in: "\(folder)/assets") { files[name] = try Self.read("\(folder)/assets/\(name)") }
        assets = PageAssets(files)
        self.cookies = cookies
    }

    func response(_ page: Page, _ context: AppContext) -> Response {
        var response = Response("text/html; charset=utf-8", html(page, context), status: page.status)
        response.headers[.contentLanguage] = context.language.code
        if context.hasChosenLanguage { response.headers.append(cookies.set(.language, to: CookieValue(context.language))) }
        return response
    }

    /// The page for what went wrong, without its headers.
    func error(_ status: Int, _ context: AppContext) -> Response {
        let known = [400, 401, 403, 404, 405, 413, 415, 423, 429, 503]
        let name = known.contains(status) ? String(status) : status < 500 ? "400" : "500"
        let page = Page(
            "error", title: .string("error.\(name).title", [:]), status: HTTPResponse.Status(code: status),
            words: ["advice": .string("error.\(name).advice", [:])], values: ["request_id": .text(context.requestID)])
        return response(page, context)
    }

    /// The page for what a route has thrown.
    func failure(_ error: any Error, _ context: AppContext) -> Response {
        guard let failure = ServiceFailure(error) else { return self.error(500, context) }
        var response = response(
            Page(
                "error", title: .string("\(failure.name).title", [:]), status: .serviceUnavailable,
                words: ["advice": .string("\(failure.name).advice", [:])], values: ["request_id": .text(context.requestID)]), context)
        if let seconds = failure.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private func html(_ page: Page, _ context: AppContext) -> [UInt8] {
        let strings = strings[context.language]
        let title = page.title.text(strings)
        let hasProblems = page.form?.entry.problems.isEmpty == false
        let common: TemplateValue = [
            "t": strings.templateValue,
            "title": .text(title),
            // Screen readers say the title first: so it says first that something is wrong.
            "document_title": .text(hasProblems ? strings("form.problem_title", ["title": title]) : title),
            "language": .text(context.language.code),
            "direction": .text(context.language.direction),
            "languages": languages(context),
            "assets": .object(
                TemplateObject(
                    Dictionary(uniqueKeysWithValues: assets.addresses.map { ($0.split(separator: ".").joined(separator: "_"), .text($1)) }))),
            "user": context.access.user.map { ["name": .text($0.shownName), "is_operator": .bool($0.isOperator)] } ?? .none,
            "organization": context.access.organization.map { OrganizationNavigation.value($0, at: context.visit.encodedPath, strings) } ?? .none,
            "standing": page.showsStanding ? context.access.organization.map { OrganizationStanding.value($0, strings) } ?? .none : .none,
            "console": OperatorNavigation.value(at: context.visit.encodedPath, context.access.user, strings),
            "acting": context.access.organization?.actingValue(strings) ?? .none,
            "is_wide": .bool(page.isWide),
            "form": page.form?.value(strings) ?? .none,
        ]
        let own = TemplateValue.object(page.values)
        let words = TemplateValue.object(TemplateObject(page.words.mapValues { .text($0.text(strings)) }))
        let content = templates.render(page.template, [common, words, own])
        return templates.render("layout", [common, ["content": .html(content)]])
    }

    /// This page in the other languages.
    private func languages(_ context: AppContext) -> TemplateValue {
        let rest = (context.visit.encodedQuery ?? "").split(separator: "&").filter { !$0.hasPrefix("lang=") }.joined(separator: "&")
        return .list(
            PageLanguage.all.map { language in
                [
                    "code": .text(language.code), "name": .text(language.name), "is_current": .bool(language == context.language),
                    "address": .text("\(context.visit.encodedPath)?\(rest.isEmpty ? "" : "\(rest)&")lang=\(language.code)"),
                ]
            })
    }

    // MARK: Reading

    private static func readTemplates(_ folder: String) throws(BuildError) -> TemplateSet {
        var set = TemplateSet()
        for subfolder in ["", "/partials"] {
            for name in names(in: folder + subfolder) where name.hasSuffix(".mustache") {
                let path = "\(folder)\(subfolder)/\(name)"
                let source = String(decoding: try read(path), as: UTF8.self)
                do throws(TemplateError) {
                    set.set(try Template(source), for: String(name.dropLast(".mustache".count)))
                } catch {
                    throw .template(path: "\(path):\(error.line)", problem: error.problem)
                }
            }
        }
        guard set["layout"] != nil else { throw .unreadable(path: "\(folder)/layout.mustache", reason: "the pages of the server have no layout") }
        if let missing = set.missingPartials.first {
            throw .template(path: "\(folder)/partials/\(missing).mustache", problem: "this partial is used and is not there")
        }
        return set
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func read(_ path: String) throws(BuildError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "there is no such file, or it is closed to us")
        }
        return Array(data)
    }
}
