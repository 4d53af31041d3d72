import Foundation

/// One row of `Fixtures/web_cases.tsv`: the areas of the table of all cases that are about forms, short names, cookies, redirects and accounts.
struct AreaCase: Sendable, Hashable, CustomStringConvertible {
    let area: String
    let input: String
    let expected: String

    var name: String { "\(area): \(input)" }
    var description: String { "\(name): \(expected)" }

    static let all: [AreaCase] = {
        guard let file = Bundle.module.url(forResource: "web_cases", withExtension: "tsv", subdirectory: "Fixtures"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().map { row in
            let columns = row.components(separatedBy: "\t") + ["", "", ""]
            return AreaCase(area: columns[0], input: columns[1], expected: columns[2])
        }
    }()
}
