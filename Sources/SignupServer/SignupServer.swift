import ArgumentParser
import Glibc

@main
struct SignupServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "SignupServer",
        abstract: "Serves the sites of school PTSAs, and the platform behind them.",
        discussion: """
            EXIT CODES
              0  done
              1  the server could not start, or had to end
              2  the command or a setting was not understood
            """,
        version: "Marquee 0.1.0",
        subcommands: [
            ServeCommand.self, ConfigCommand.self, OrganizationCommand.self, InviteCommand.self, JobCommand.self, UserCommand.self,
            DoctorCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)

    static func main() async {
        // A limit on the size of files is then an error of the write (EFBIG) instead of the end; so is a reader that has left.
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            // ArgumentParser ends with 64 for a wrong command line; ours is documented as 2.
            let text = fullMessage(for: error)
            if exitCode(for: error).isSuccess {
                print(text)
                exit(withError: ExitCode.success)
            }
            complain(text)
            exit(withError: ExitCode.usage)
        }
    }

    static func complain(_ text: String) {
        ServerLogHandler.standardError(text + "\n")
    }
}

extension ExitCode {
    static let notStarted = ExitCode(1)
    static let usage = ExitCode(2)
}
