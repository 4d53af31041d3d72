import ArgumentParser
import Glibc

@main
struct SiteGen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "SiteGen",
        abstract: "Builds the public sites of school PTSAs from Markdown and settings.",
        discussion: """
            Each folder in Content/ is one PTSA; its site goes to output/<name>/, which any
            web server can serve.

            EXAMPLES
              SiteGen build                        all sites
              SiteGen build --tenant lincoln       one site
              SiteGen serve                        build, watch and show the sites
              SiteGen check --tenant lincoln       what is wrong or stale
              SiteGen new event "Book fair" --tenant lincoln

            EXIT CODES
              0  done
              1  there are errors in the content; everything else was built
              2  the command was not understood
              3  nothing could be written or read
            """,
        version: "Marquee 0.1.0",
        subcommands: [BuildCommand.self, ServeCommand.self, CheckCommand.self, NewCommand.self, RollbackCommand.self])

    static func main() {
        // A limit on the size of files is then an error of the write (EFBIG), which leaves the last release live, instead of the end.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            // ArgumentParser ends with 64 for a wrong command line; ours is documented as 2.
            let text = fullMessage(for: error)
            if exitCode(for: error).isSuccess {
                print(text)
                exit(withError: ExitCode.success)
            }
            Console.standardError(text)
            exit(withError: ExitCode(2))
        }
    }
}
