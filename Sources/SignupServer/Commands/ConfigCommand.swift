import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every setting, its value, and where the value comes from.",
        discussion: """
            A setting is a flag, a variable of the environment, or a line of marquee.yaml.
            Flags go before the environment, the environment before the file.
            """)

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let sources = options.sources
        print(Self.listing(sources.values()))
        do throws(SettingsError) {
            _ = try ServerSettings.read(sources)
        } catch {
            SignupServer.complain(error.description)
            throw ExitCode.usage
        }
    }

    /// Secrets are never shown, only whether there is one.
    static func listing(_ values: [String: SettingsSources.Value]) -> String {
        Setting.all.map { setting in
            let value = values[setting.key] ?? SettingsSources.Value(text: setting.defaultValue, place: "default")
            let shown = value.text.isEmpty ? "(none)" : setting.isSecret ? "(secret)" : value.text
            let given = setting.defaultValue.isEmpty ? "(none)" : setting.defaultValue
            return """
                \(setting.key) = \(shown)
                    \(setting.meaning)
                    from \(value.place); without it \(given)
                    \(setting.variable), \(setting.flag)
                """
        }.joined(separator: "\n")
    }
}
