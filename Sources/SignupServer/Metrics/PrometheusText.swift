/// Prometheus's text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
struct PrometheusText {
    private(set) var text = ""
    private let help: [String: String]
    private var lastName = ""

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    init(help: [String: String]) {
        self.help = help
    }

    /// Adds a series. Those of one name come one after another.
    mutating func add(_ name: String, _ labels: String, _ value: MetricsRecorder.Value) {
        if name != lastName {
            lastName = name
            if let sentence = help[name] { text += "# HELP \(name) \(sentence)\n" }
            text += "# TYPE \(name) \(Self.type(value))\n"
        }
        switch value {
        case .counter(let number), .gauge(let number):
            text += "\(name)\(labels) \(Self.number(number))\n"
        case .histogram(let counts, let sum):
            var total: UInt64 = 0
            for (bound, count) in zip(MetricsRecorder.bounds.map(Self.number) + ["+Inf"], counts) {
                total &+= count
                text += "\(name)_bucket\(Self.labels(labels, adding: bound)) \(total)\n"
            }
            text += "\(name)_sum\(labels) \(Self.number(sum))\n\(name)_count\(labels) \(total)\n"
        }
    }

    /// Letters, digits, `_` and `:`; whatever else a library has in its labels becomes `_`.
    static func name(_ label: String) -> String {
        let characters = label.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        let startsWithDigit = characters.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        return (startsWithDigit ? "_" : "") + String(decoding: characters, as: UTF8.self)
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { key, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name(key).replacing(":", with: "_"))=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func labels(_ labels: String, adding bound: String) -> String {
        labels.isEmpty ? "{le=\"\(bound)\"}" : "\(labels.dropLast()),le=\"\(bound)\"}"
    }

    private static func type(_ value: MetricsRecorder.Value) -> String {
        switch value {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
