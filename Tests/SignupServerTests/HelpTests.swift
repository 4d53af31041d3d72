import ArgumentParser
import Testing

@testable import SignupServer

@Suite("The server's help")
struct ServerHelpTests {
    static let commands = all(below: SignupServer.self)

    private static func all(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { all(below: $0) }
    }

    @Test("no line is longer than 80 columns", arguments: 0..<commands.count)
    func width(_ index: Int) {
        let help = SignupServer.helpMessage(for: Self.commands[index], columns: 80)
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(help.contains("USAGE: SignupServer"))
    }

    @Test("every command for operators says what it does")
    func abstracts() {
        #expect(Self.commands.count > 20)
        for command in Self.commands { #expect(!command.configuration.abstract.isEmpty, "\(command)") }
    }

    @Test("settings are flags of serve, which needs no name")
    func flags() throws {
        let command = try #require(try SignupServer.parseAsRoot(["--port", "1", "--config", "a.yaml"]) as? ServeCommand)
        #expect(command.options.flags == ["--port", "1"])
        #expect(command.options.file == "a.yaml")
        let config = try #require(try SignupServer.parseAsRoot(["config", "--app-host=a.example"]) as? ConfigCommand)
        #expect(config.options.flags == ["--app-host=a.example"])
    }
}
