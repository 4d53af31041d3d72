import ArgumentParser
import CoreMetrics
import Foundation
import Glibc
import HTTPServing
import Logging
import SiteBuilder
import Tenancy
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Build the sites, serve them and the platform, until told to stop.",
        discussion: """
            Every setting can be given as a flag, in the environment or in marquee.yaml;
            `SignupServer config` lists them. SIGTERM and Control-C stop the server after
            it has finished what it accepted.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try readSettings()
        try checkFolders(settings)
        Self.raiseDescriptorLimit()
        let (level, format) = (settings.logLevel, settings.logFormat)
        LoggingSystem.bootstrap { _ in ServerLogHandler(level: level, format: format) }
        let recorder = MetricsRecorder(help: ServerMetrics.help)
        MetricsSystem.bootstrap(recorder)

        let announcement = Announcement(settings: settings)
        let dependencies = MarqueeServer.Dependencies(
            now: { Instant(seconds: Int64(time(nil))) }, jobs: max(1, ProcessInfo.processInfo.activeProcessorCount),
            onListening: { announcement.isListening(on: $0) }, onFirstBuild: { announcement.isBuilt($0) })
        do {
            let server = try MarqueeServer(settings, dependencies, recorder: recorder, logger: Logger(label: "marquee"))
            try await server.run(stopOn: [.sigterm, .sigint])
        } catch {
            SignupServer.complain("\(error)")
            throw ExitCode.notStarted
        }
    }

    private func readSettings() throws -> ServerSettings {
        do throws(SettingsError) {
            return try ServerSettings.read(options.sources)
        } catch {
            SignupServer.complain(error.description)
            throw ExitCode.usage
        }
    }

    /// What must be there, and what is made. A folder that is missing is a slip of the pen more often than an empty platform.
    private func checkFolders(_ settings: ServerSettings) throws {
        var problems: [String] = []
        for (key, path) in [("content", settings.content), ("templates", settings.templates)] where access(path, R_OK | X_OK) != 0 {
            problems.append("\(key) is `\(path)`: it can't be read: \(String(cString: strerror(errno)))")
        }
        for (key, path) in [("output", settings.output), ("data", settings.data)] {
            // Nobody else on the machine has any business with the databases.
            let mode: mode_t = key == "data" ? 0o700 : 0o755
            if mkdir(path, mode) != 0, errno != EEXIST {
                problems.append("\(key) is `\(path)`: it can't be made: \(String(cString: strerror(errno)))")
            } else if access(path, R_OK | W_OK | X_OK) != 0 {
                problems.append("\(key) is `\(path)`: it can't be written: \(String(cString: strerror(errno)))")
            }
        }
        guard problems.isEmpty else {
            SignupServer.complain(problems.joined(separator: "\n"))
            throw ExitCode.usage
        }
    }

    /// Each connection takes a descriptor, and shells give 1,024 where the system allows many more.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
