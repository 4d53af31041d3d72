import ArgumentParser
import Foundation
import SiteBuilder
import Testing

@testable import SiteGen

@Suite("Help at 80 columns")
struct HelpTests {
    static let commands: [any ParsableCommand.Type] = [SiteGen.self] + SiteGen.configuration.subcommands

    @Test("No line is longer, and none of the text is broken where it wasn't meant to be", arguments: 0..<commands.count)
    func width(_ index: Int) {
        let command = Self.commands[index]
        let help = SiteGen.helpMessage(for: command, columns: 80)
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(help.contains(command.configuration.discussion))
        #expect(help.contains("USAGE: SiteGen"))
    }

    @Test("Every rule of check stands in a column of its own, beside what it means")
    func rules() throws {
        let help = CheckCommand.helpMessage(columns: 80)
        let start = try #require(help.range(of: "WHAT IS LOOKED AT\n"))
        let end = try #require(help.range(of: "\n\nUSAGE"))
        var names: [String] = []
        for line in help[start.upperBound..<end.lowerBound].split(separator: "\n") {
            let name = line.prefix(28)
            #expect(line.hasPrefix("  ") && name.last == " " && line.dropFirst(28).first != " ", "\(line)")
            if let word = name.split(separator: " ").first { names.append(String(word)) }
        }
        #expect(names == CheckRule.allCases.map(\.rawValue))
    }
}
