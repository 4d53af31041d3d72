import Configuration
import Glibc
import StructuredData
import Synchronization

/// What the operator has written, wherever: flags go before the environment, the environment before the file, the file before defaults.
struct SettingsSources: Sendable {
    /// A setting's text, and where it stands.
    struct Value: Sendable, Equatable {
        let text: String
        /// `--port`, `MARQUEE_PORT`, `marquee.yaml:3: port`, or `default`.
        let place: String
    }

    /// What names no setting, or could not be read.
    private(set) var problems: [SettingsProblem] = []
    private var flags: [String: String] = [:]
    private var variables: [String: String] = [:]
    private var file: [String: (text: String, place: String)] = [:]

    /// The file that is read if it is there.
    static let usualFile = "marquee.yaml"
    static let fileVariable = "MARQUEE_CONFIG"

    /// - Parameters:
    ///   - arguments: flags with their values, `--port 80` or `--port=80`.
    ///   - file: a file that must be there; nil to take the one that `MARQUEE_CONFIG` names, or `marquee.yaml` if there is one.
    init(arguments: [String], environment: [String: String], file: String?) {
        read(arguments)
        read(environment)
        if let named = file ?? environment[Self.fileVariable] {
            read(file: named, mustExist: true)
        } else {
            read(file: Self.usualFile, mustExist: false)
        }
    }

    // MARK: Values

    /// Every setting's value, by key.
    func values() -> [String: Value] {
        let found = FoundValues()
        let reader = ConfigReader(
            providers: [
                InMemoryProvider(name: "flags", values: Self.configValues(flags)),
                EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "marquee"),
                InMemoryProvider(name: "file", values: Self.configValues(file.mapValues(\.text))),
                InMemoryProvider(
                    name: "defaults", values: Self.configValues(Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.key, $0.defaultValue) }))),
            ], accessReporter: found)
        for setting in Setting.all { _ = reader.string(forKey: ConfigKey(setting.components), isSecret: setting.isSecret) }
        var values: [String: Value] = [:]
        for setting in Setting.all {
            let (text, provider) = found[setting.components] ?? (setting.defaultValue, 3)
            let places = [setting.flag, setting.variable, file[setting.key]?.place ?? "", "default"]
            values[setting.key] = Value(text: text, place: places.indices.contains(provider) ? places[provider] : "default")
        }
        return values
    }

    private static func configValues(_ texts: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, text) in texts {
            guard let setting = Setting.named(key) else { continue }
            values[AbsoluteConfigKey(setting.components)] = ConfigValue(.string(text), isSecret: setting.isSecret)
        }
        return values
    }

    // MARK: Reading

    private mutating func read(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                problems.append(SettingsProblem(place: "the command line", value: argument, advice: "flags begin with --, for example --port 8080"))
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let setting = Setting.all.first(where: { $0.flag == name }) else {
                problems.append(SettingsProblem(place: name, value: nil, advice: Self.unknown(name, among: Setting.all.map(\.flag))))
                if parts.count == 1, rest.first.map({ !$0.hasPrefix("--") }) ?? false { _ = rest.popFirst() }
                continue
            }
            if parts.count == 2 {
                flags[setting.key] = String(parts[1])
            } else if let value = rest.popFirst() {
                flags[setting.key] = value
            } else {
                problems.append(SettingsProblem(place: name, value: nil, advice: "write a value after it: \(setting.meaning)"))
            }
        }
    }

    private mutating func read(_ environment: [String: String]) {
        let known = Set(Setting.all.map(\.variable))
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("MARQUEE_") && name != Self.fileVariable {
            if known.contains(name) {
                variables[name] = value
            } else {
                problems.append(
                    SettingsProblem(place: name, value: nil, advice: Self.unknown(name, among: Setting.all.map(\.variable) + [Self.fileVariable])))
            }
        }
    }

    private mutating func read(file path: String, mustExist: Bool) {
        guard let bytes = Self.content(of: path) else {
            if mustExist || access(path, F_OK) == 0 {
                problems.append(SettingsProblem(place: path, value: nil, advice: "the file can't be read: \(String(cString: strerror(errno)))"))
            }
            return
        }
        do throws(StructuredDataError) {
            guard let root = try YAMLReader.read(bytes), !root.isNull else { return }
            guard let pairs = root.pairs else {
                return problems.append(SettingsProblem(place: path, value: nil, advice: "write one setting a line, for example port: 8080"))
            }
            for pair in pairs { read(pair, path: path, group: nil) }
        } catch {
            problems.append(SettingsProblem(place: "\(path):\(error.mark.line)", value: nil, advice: "\(error.problem): \(error.advice)"))
        }
    }

    private mutating func read(_ pair: Node.Pair, path: String, group: String?) {
        let key = group.map { "\($0).\(pair.key)" } ?? pair.key
        let place = "\(path):\(pair.keyMark.line): \(key)"
        let isGroup = Setting.all.contains { $0.key.hasPrefix(key + ".") }
        if isGroup, let pairs = pair.value.pairs {
            for inner in pairs { read(inner, path: path, group: key) }
        } else if Setting.named(key) == nil {
            let advice = isGroup ? "write its settings below it, indented" : Self.unknown(key, among: Setting.all.map(\.key))
            problems.append(SettingsProblem(place: place, value: nil, advice: advice))
        } else if let items = pair.value.items, case let texts = items.compactMap(\.text), texts.count == items.count {
            file[key] = (texts.joined(separator: ","), place)
        } else if pair.value.pairs == nil, pair.value.items == nil {
            file[key] = (pair.value.text ?? "", place)
        } else {
            problems.append(SettingsProblem(place: place, value: nil, advice: "write one value"))
        }
    }

    private static func unknown(_ name: String, among names: [String]) -> String {
        let near = Spelling.nearest(to: name, in: names).map { "did you mean \($0)?" }
        return "there is no such setting: \(near ?? "SignupServer config lists them all")"
    }

    /// At most 1 MiB.
    private static func content(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= 1 << 20 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
        errno = EFBIG
        return nil
    }
}

/// Notes for each key what was found, and in which of the providers.
private final class FoundValues: AccessReporter {
    private let values = Mutex<[[String]: (text: String, provider: Int)]>([:])

    subscript(components: [String]) -> (text: String, provider: Int)? { values.withLock { $0[components] } }

    func report(_ event: AccessEvent) {
        for (index, provider) in event.providerResults.enumerated() {
            guard case .success(let result) = provider.result, case .string(let text)? = result.value?.content else { continue }
            values.withLock { $0[event.metadata.key.components] = (text, index) }
            return
        }
    }
}
