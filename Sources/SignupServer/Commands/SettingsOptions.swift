import ArgumentParser
import Foundation

/// Where settings come from; every command takes it.
struct SettingsOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The file with settings. Without it: marquee.yaml, if there is one.", valueName: "file"))
    var file: String?

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Settings as flags, for example --port 8081.", valueName: "--setting value"))
    var flags: [String] = []

    var sources: SettingsSources {
        SettingsSources(arguments: flags, environment: ProcessInfo.processInfo.environment, file: file)
    }
}
