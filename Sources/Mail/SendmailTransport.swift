import Glibc
import Subprocess
import SystemPackage

/// Hands mails to a program on this machine, as `sendmail -t -i` takes them: the message on its standard input, the recipient in its headers,
/// where no list of processes shows it.
package struct SendmailTransport: MailTransport {
    /// An absolute path and arguments.
    package let command: [String]
    let timeout: Duration

    package static let usual = "/usr/sbin/sendmail -t -i"

    /// - Parameter command: words with spaces between them, the first an absolute path. Nil if it is not.
    package init?(command: String, timeout: Duration = .seconds(60)) {
        let words = command.split(separator: " ").map(String.init)
        guard words.first?.hasPrefix("/") == true, !command.utf8.contains(0) else { return nil }
        self.command = words
        self.timeout = timeout
        // A program that ends early must not take the server with it: writing to it fails instead.
        signal(SIGPIPE, SIG_IGN)
    }

    package func deliver(_ message: MailMessage) async throws(DeliveryError) {
        // Such programs expect the system's own line ends, and some write a CRLF of ours as two.
        let bytes = message.bytes.filter { $0 != 0x0D }
        let status: Int32?
        do {
            status = try await run(bytes)
        } catch let error as SubprocessError {
            throw .temporary("\(program) can't be started: \(error.description)")
        } catch {
            throw .temporary("\(program) was not waited for")
        }
        guard let status else { throw .temporary("\(program) took too long and was ended") }
        guard status != 0 else { return }
        // sysexits.h: EX_DATAERR, EX_NOUSER, EX_NOHOST.
        if [65, 67, 68].contains(status) { throw .permanent("\(program) refuses the recipient or the message (status \(status))") }
        throw .temporary("\(program) failed with status \(status): see mail.sendmail")
    }

    private var program: String { command.first ?? "" }

    /// The exit code, or 128 + the signal; nil if it took too long.
    private func run(_ bytes: [UInt8]) async throws -> Int32? {
        let configuration = configuration
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                // What it says may have addresses in it.
                let result = try await Subprocess.run(configuration, input: .inputWriter, output: .discarded, error: .discarded) { execution in
                    // Its status says more than that it no longer reads.
                    _ = try? await execution.standardInputWriter.write(bytes)
                    try? await execution.standardInputWriter.finish()
                }
                switch result.terminationStatus {
                case .exited(let code): return code
                case .signaled(let signal): return 128 + signal
                }
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        // A session of its own, so that it can be ended with all that it starts.
        options.createSession = true
        options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        return Configuration(
            executable: .path(.init(program)), arguments: .init(Array(command.dropFirst())),
            environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"]), workingDirectory: "/",
            platformOptions: options)
    }
}
