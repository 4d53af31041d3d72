import Foundation
import HTTPTypes

/// The parameters of a request's query, checked against the description of its operation.
struct APIQuery: Sendable {
    private var integers: [String: Int] = [:]
    private var texts: [String: String] = [:]

    /// Throws `Problem` 400 for names that the operation doesn't have, for one that stands twice, and for values that it can't have.
    init(_ operation: APIOperation, _ query: String?) throws(Problem) {
        let known = operation.parameters.filter { $0.place == .query }
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(parts[0]).removingPercentEncoding, let value = parts.last.flatMap({ String($0).removingPercentEncoding }),
                parts.count == 2
            else { throw Self.problem("The query can't be read.") }
            guard let parameter = known.first(where: { $0.name == name }) else {
                throw Self.problem("This operation has no parameter of such a name; it has: \(known.map(\.name).joined(separator: ", ")).")
            }
            guard integers[name] == nil, texts[name] == nil else { throw Self.problem("\(name) stands twice.") }
            switch parameter.kind {
            case .integer(let range, _):
                guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(value), range.contains(number)
                else { throw Self.problem("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).") }
                integers[name] = number
            case .text:
                guard !value.isEmpty else { throw Self.problem("\(name) is empty.") }
                texts[name] = value
            }
        }
        for case let parameter in known where integers[parameter.name] == nil {
            if case .integer(_, let value) = parameter.kind { integers[parameter.name] = value }
        }
    }

    /// One of those described, with its default.
    func integer(_ name: String) -> Int { integers[name] ?? 0 }

    func text(_ name: String) -> String? { texts[name] }

    static func problem(_ detail: String) -> Problem { Problem(.badRequest, "request", title: "A parameter is not valid", detail) }
}
