import ArgumentParser
import SiteBuilder

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Put an earlier release of a site live again.",
        usage: "SiteGen rollback --tenant <name> [<options>]",
        discussion: """
            The last \(ReleaseFolders.keptReleases) releases of each site are kept. Nothing is built: only the link to
            the live release changes, at once. The next build of changed content makes a
            new release as usual.
            """)

    @OptionGroup var shared: SharedOptions

    @Option(help: ArgumentHelp("The release to put live; without it, the one that was live before.", valueName: "id"))
    var to: String?

    mutating func validate() throws {
        guard shared.tenant.count == 1 else { throw ValidationError("Say which site with one --tenant <name>.") }
    }

    func run() throws {
        let slug = shared.tenant[0]
        do throws(BuildError) {
            let id = try Rollback(output: shared.output, slug: slug).run(to: to)
            if shared.json {
                print(JSONValue.object([("tenant", .text(slug)), ("release", .text(id))]).string)
            } else {
                print("\(slug): release \(id) is live")
            }
        } catch {
            Reporter(shared).fail(error)
            throw ExitCode.nothingWritten
        }
    }
}
