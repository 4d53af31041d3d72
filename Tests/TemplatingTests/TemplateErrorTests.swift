import Templating
import TestSupport
import Testing

@Suite("What is wrong in a template")
struct TemplateErrorTests {
    static let cases: [(source: String, line: Int, word: String)] = [
        ("{{", 1, "never closed"),
        ("a\nb {{name", 2, "never closed"),
        ("{{{name}}", 1, "never closed"),
        ("\n\n{{#a}}x", 3, "{{#a}} is never closed"),
        ("{{#a}}\n{{#b}}\n{{/b}}\n", 1, "{{#a}} is never closed"),
        ("x\n{{/a}}", 2, "never opened"),
        ("{{#a}}\n\n{{/b}}", 3, "{{/a}} (opened in line 1)"),
        ("{{#a}}\n{{^b}}\n{{/a}}\n{{/b}}", 3, "{{/b}} (opened in line 2)"),
        ("{{!\n\n}}\n{{/a}}", 4, "never opened"),
        ("{{#x}}\n{{/x}}\n\n{{/a}}", 4, "never opened"),
        ("{{=<% %>=}}", 1, "delimiters"),
        ("a\n{{<parent}}{{/parent}}", 2, "not supported"),
        ("{{$block}}", 1, "not supported"),
        ("{{}}", 1, "not a name"),
        ("{{a b}}", 1, "not a name"),
        ("{{# }}", 1, "not a name"),
    ]

    @Test("has the line and the reason", arguments: cases)
    func error(_ test: (source: String, line: Int, word: String)) {
        let error = #expect(throws: TemplateError.self) { try Template(test.source) }
        #expect(error?.line == test.line)
        #expect(error?.problem.contains(test.word) == true, "\(error?.problem ?? "none")")
    }

    @Test("Sections that are nested too deeply are refused, and 30 levels are not")
    func depth() throws {
        func nested(_ count: Int) -> String { (0..<count).map { _ in "{{#a}}" }.joined() + (0..<count).map { _ in "{{/a}}" }.joined() }
        #expect(TemplateSet(["page": try Template(nested(30))]).text("page", [["a": true]]) == "")
        #expect(throws: TemplateError.self) { try Template(nested(40)) }
        #expect(throws: TemplateError.self) { try Template(nested(100_000)) }
    }

    @Test("Any text is a template or an error")
    func anyText() {
        var random = SeededGenerator(seed: 11)
        let parts = ["{{", "}}", "{{{", "}}}", "#", "^", "/", ">", "!", "&", "a", ".", " ", "\n", "{", "}", "é", "\r\n", "="]
        var templates = 0
        for _ in 0..<5_000 {
            let source = (0..<Int.random(in: 0...14, using: &random)).map { _ in parts[Int.random(in: 0..<parts.count, using: &random)] }.joined()
            guard let template = try? Template(source) else { continue }
            templates += 1
            _ = TemplateSet(["a": template]).text("a", [["a": ["x", ["a": "y"]]]])
        }
        #expect(templates > 500)
    }
}
