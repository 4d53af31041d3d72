import ArgumentParser
import Dispatch
import Glibc
import Markdown
import SiteBuilder
import StaticSites
import Tenancy

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Build, show the sites in a browser, and rebuild what changes.",
        discussion: """
            Every site is at http://<name>.sites.localhost:<port>/, which browsers and
            curl find by themselves, and below http://localhost:<port>/org/<name>/.
            A page that is open is loaded again when its site changes; what is wrong is
            shown in it. The server listens on this machine only.
            """)

    @OptionGroup var shared: SharedOptions

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 8080

    @Flag(inversion: .prefixedNo, help: "Build again when content or templates change.")
    var watch = true

    @Flag(inversion: .prefixedNo, help: "Serve the sites below /org/<name>/ too; without it those addresses lead to the sites' own hosts.")
    var servePaths = true

    mutating func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number from 0 to 65535.") }
    }

    func run() throws {
        do throws(BuildError) {
            let session = try ServeSession(shared: shared, port: port, servePaths: servePaths)
            try session.run(watch: watch)
        } catch {
            Reporter(shared).fail(error)
            throw ExitCode.nothingWritten
        }
    }
}
