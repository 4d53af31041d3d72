import Foundation
import StaticSites
import Tenancy

/// One row of `Fixtures/serving_cases.tsv`.
///
/// - `hosts`: Host headers between `|`; `-` for none.
/// - `extra`: `version=1.0`, `base=<sites domain>`, `apphosts=none`, `servepaths=no`, or one header.
/// - `status`: `-` for a case that does not apply; `checks` then says why.
/// - `checks` between `;;`: `Header=value`, `Header~part`, `!Header`, `body~part`, `!body~part`, `body=text`.
struct ServingCase: Sendable, CustomStringConvertible {
    let area: String
    let name: String
    let method: String
    let hosts: [String]
    let target: String
    let extra: String
    let status: String
    let checks: [String]

    var description: String { "\(area): \(name)" }
    var applies: Bool { status != "-" }

    static let all: [ServingCase] = {
        guard let file = Bundle.module.url(forResource: "serving_cases", withExtension: "tsv", subdirectory: "Fixtures"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().map { ServingCase(row: String($0)) }
    }()

    private init(row: String) {
        let columns = row.components(separatedBy: "\t") + Array(repeating: "", count: 8)
        area = columns[0]
        name = columns[1]
        method = columns[2]
        hosts = columns[3] == "-" ? [] : columns[3].components(separatedBy: "|")
        target = columns[4]
        extra = columns[5]
        status = columns[6]
        checks = columns[7].components(separatedBy: ";;").filter { !$0.isEmpty }
    }

    var request: SiteRequest {
        let header = extra.components(separatedBy: ": ")
        return SiteRequest(
            method: method, target: target, hosts: hosts, version: extra == "version=1.0" ? .http10 : .http11,
            headers: header.count == 2 ? [(header[0], header[1])] : [])
    }

    func configure(_ configuration: inout StaticSitesConfiguration) throws {
        let option = extra.components(separatedBy: "=")
        switch option.first {
        case "base": configuration.sitesDomain = try Hostname(option[1])
        case "apphosts": configuration.appHosts = []
        case "servepaths": configuration.servePaths = false
        default: break
        }
    }

    /// What is wrong with an answer.
    func failures(of response: SiteResponse) -> [String] {
        var failures = String(response.status) == status ? [] : ["status \(response.status), not \(status)"]
        for check in checks where !holds(check, response) { failures.append("\(check) does not hold: \(response.headers) \(response.text)") }
        return failures
    }

    private func holds(_ check: String, _ response: SiteResponse) -> Bool {
        if check.hasPrefix("!body~") { return !response.text.contains(check.dropFirst(6)) }
        if check.hasPrefix("!") { return response.value(of: String(check.dropFirst())) == nil }
        guard let sign = check.firstIndex(where: { $0 == "=" || $0 == "~" }) else { return false }
        let wanted = String(check[check.index(after: sign)...])
        let name = String(check[..<sign])
        let value = name == "body" ? response.text : response.value(of: name)
        return check[sign] == "=" ? value == wanted : value?.contains(wanted) ?? false
    }
}
