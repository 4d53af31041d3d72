import ArgumentParser
import SiteBuilder
import Tenancy

struct NewCommand: ParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case tenant, page, news, event
    }

    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new tenant, page, news post or event with good front matter, in the right place.",
        discussion: """
            EXAMPLES
              SiteGen new tenant "Maple Street PTO" --email board@maplepto.example
              SiteGen new page "Art docents" --tenant lincoln --folder programs
              SiteGen new news "Thank you!" --tenant lincoln
              SiteGen new event "Book fair" --tenant lincoln --start 2026-12-04T15:00

            A file that exists is never overwritten: the next free name is taken.
            """)

    @Argument(help: ArgumentHelp("What to write.", valueName: "kind"))
    var kind: Kind

    @Argument(help: "The title, or the name of the organization.")
    var title: String

    @OptionGroup var shared: SharedOptions

    @Option(help: "For a page: the folder it goes to.")
    var folder = ""

    @Option(help: "For an event: when it starts. Without it: a week from now at 18:00.")
    var start: String?

    @Option(help: "Write a translation into this language.")
    var language: String?

    @Option(help: "For a tenant: the school's name.")
    var school: String?

    @Option(help: "For a tenant: the address that readers write to.")
    var email: String?

    @Option(help: "For a tenant: the state, as two letters.")
    var state: String?

    @Option(help: "For a tenant: the kind of organization, for example PTA, PTSA, PTO.")
    var unit = "PTSA"

    @Option(help: "For a tenant: the time zone.")
    var timezone = "America/New_York"

    @Option(help: "For a tenant: the folder's name; without it, made from the name.")
    var slug: String?

    mutating func validate() throws {
        if kind != .tenant, shared.tenant.count != 1 { throw ValidationError("Say for which site with one --tenant <name>.") }
        if let language, Language(code: language) == nil {
            throw ValidationError("--language \(language) is not one of \(Language.all.map(\.code).joined(separator: ", ")).")
        }
        if let start {
            do throws(WrittenDateError) { _ = try WrittenDate(parsing: start) } catch { throw ValidationError("--start \(start): \(error)") }
        }
    }

    func run() throws {
        do throws(BuildError) {
            let paths = try write()
            if shared.json {
                print(JSONValue.object([("written", .list(paths.map { .text($0) }))]).string)
            } else {
                for path in paths { print("\(Console.styled("wrote", .green)) \(path)") }
            }
        } catch {
            Reporter(shared).fail(error)
            throw ExitCode.nothingWritten
        }
    }

    private func write() throws(BuildError) -> [String] {
        let writer = ContentWriter(content: shared.content, now: shared.moment)
        switch kind {
        case .tenant:
            return try writer.newTenant(
                .init(name: title, school: school ?? title, email: email, state: state ?? "", kind: unit, timeZone: timezone), slug: slug)
        case .page: return [try writer.newPage(title, tenant: shared.tenant[0], folder: folder, language: language)]
        case .news: return [try writer.newPost(title, tenant: shared.tenant[0], language: language)]
        case .event: return [try writer.newEvent(title, tenant: shared.tenant[0], start: start, language: language)]
        }
    }
}
