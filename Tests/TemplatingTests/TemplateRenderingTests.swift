import Templating
import Testing

@Suite("What templates render")
struct TemplateRenderingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let source: String
        let value: TemplateValue
        let expected: String

        init(_ name: String, _ source: String, _ value: TemplateValue, _ expected: String) {
            self.name = name
            self.source = source
            self.value = value
            self.expected = expected
        }

        var testDescription: String { name }
    }

    static let variables = [
        Case("plain text stays", "Hello", [:], "Hello"),
        Case("a name becomes its value", "Hello {{name}}!", ["name": "Lee"], "Hello Lee!"),
        Case("spaces inside a tag mean nothing", "{{ name }}{{  name}}", ["name": "x"], "xx"),
        Case("the five signs of HTML are escaped", "{{a}}", ["a": "<b> & \"c\" 'd'"], "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"),
        Case("three braces write as it is", "{{{a}}}", ["a": "<b>&"], "<b>&"),
        Case("an ampersand writes as it is", "{{&a}}{{& a }}", ["a": "<"], "<<"),
        Case("HTML is not escaped", "{{a}}", ["a": .html("<b>")], "<b>"),
        Case("an unknown name is nothing", "[{{a}}{{{a}}}]", [:], "[]"),
        Case("a value that is nothing is nothing", "[{{a}}]", ["a": .none], "[]"),
        Case("a list or an object is no text", "[{{a}}{{b}}{{{a}}}]", ["a": ["x"], "b": ["c": "x"]], "[]"),
        Case("true and false are words", "{{a}} {{b}}", ["a": true, "b": false], "true false"),
        Case("braces in a value are text", "{{a}}", ["a": "{{b}}", "b": "no"], "{{b}}"),
        Case("one brace is text", "{a} } {", ["a": "x"], "{a} } {"),
        Case("letters of any script stay", "é 漢 {{a}} 🎒", ["a": "ñ"], "é 漢 ñ 🎒"),
        Case("an empty template is empty", "", ["a": "x"], ""),
    ]

    static let names = [
        Case("a dotted name goes into an object", "{{a.b.c}}", ["a": ["b": ["c": "x"]]], "x"),
        Case("a dotted name that breaks off is nothing", "[{{a.b.c}}]", ["a": ["b": "x"]], "[]"),
        Case("a dotted name into nothing is nothing", "[{{a.b}}]", [:], "[]"),
        Case("names are looked up outwards", "{{#a}}{{x}}{{y}}{{/a}}", ["a": ["x": "in"], "x": "out", "y": "far"], "infar"),
        Case("only the first part of a dotted name climbs", "[{{#a}}{{b.c}}{{/a}}]", ["a": ["b": [:]], "b": ["c": "x"]], "[]"),
        Case("a dotted section", "{{#a.b}}{{c}}{{/a.b}}", ["a": ["b": ["c": "x"]]], "x"),
        Case("the current value", "{{#a}}{{.}},{{/a}}", ["a": ["x", "<"]], "x,&lt;,"),
        Case("the current value as it is", "{{#a}}{{{.}}}{{/a}}", ["a": ["<"]], "<"),
        Case("lists in lists", "{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", ["a": [["1", "2"], ["3"]]], "12;3;"),
        Case("a value that is nothing hides one further out", "[{{#a}}{{x}}{{/a}}]", ["a": ["x": .none], "x": "out"], "[]"),
    ]

    static let sections = [
        Case("true renders", "{{#a}}x{{/a}}", ["a": true], "x"),
        Case("false does not", "{{#a}}x{{/a}}", ["a": false], ""),
        Case("a missing name does not", "{{#a}}x{{/a}}", [:], ""),
        Case("an empty text does not", "{{#a}}x{{/a}}", ["a": ""], ""),
        Case("an empty list does not", "{{#a}}x{{/a}}", ["a": []], ""),
        Case("an empty object renders", "{{#a}}x{{/a}}", ["a": [:]], "x"),
        Case("a text renders once, and is the current value", "{{#a}}[{{.}}]{{/a}}", ["a": "t"], "[t]"),
        Case("a list renders once for each item", "{{#a}}{{n}},{{/a}}", ["a": [["n": "1"], ["n": "2"]]], "1,2,"),
        Case("true adds no level of its own", "{{#a}}{{x}}{{/a}}", ["a": true, "x": "y"], "y"),
        Case("inverted: false renders", "{{^a}}x{{/a}}", ["a": false], "x"),
        Case("inverted: a missing name renders", "{{^a}}x{{/a}}", [:], "x"),
        Case("inverted: an empty list renders", "{{^a}}x{{/a}}", ["a": []], "x"),
        Case("inverted: a value does not", "{{^a}}x{{/a}}", ["a": "v"], ""),
        Case("inverted inside a section", "{{#a}}{{^b}}x{{/b}}{{/a}}", ["a": true], "x"),
        Case("one name, nested in itself", "{{#a}}{{#a}}{{b}}{{/a}}{{/a}}", ["a": ["b": "x"]], "x"),
        Case("a comment is nothing", "a{{! {not} a name }}b", [:], "ab"),
        Case("a comment over lines is nothing", "a{{!\n b\n}}c", [:], "ac"),
    ]

    static let lines = [
        Case("a section tag alone leaves no line", "a\n{{#x}}\nb\n{{/x}}\nc\n", ["x": true], "a\nb\nc\n"),
        Case("blanks around it go with it", "a\n  {{#x}}\t\nb\n {{/x}} \nc", ["x": true], "a\nb\nc"),
        Case("the first and the last line count too", "{{#x}}\nb\n{{/x}}", ["x": true], "b\n"),
        Case("a comment alone leaves no line", "a\n{{! b }}\nc", [:], "a\nc"),
        Case("a carriage return goes with it", "a\r\n{{#x}}\r\nb\r\n{{/x}}\r\n", ["x": true], "a\r\nb\r\n"),
        Case("a variable alone keeps its line", "a\n{{x}}\nb", ["x": ""], "a\n\nb"),
        Case("text beside a tag keeps the line", "a {{#x}}\nb{{/x}}\n", ["x": true], "a \nb\n"),
        Case("two tags on one line keep it", "{{#x}}{{/x}}\na", ["x": true], "\na"),
    ]

    @Test("Variables", arguments: variables)
    func variable(_ test: Case) throws { try check(test) }

    @Test("Names", arguments: names)
    func name(_ test: Case) throws { try check(test) }

    @Test("Sections and comments", arguments: sections)
    func section(_ test: Case) throws { try check(test) }

    @Test("Lines that hold only a tag", arguments: lines)
    func line(_ test: Case) throws { try check(test) }

    private func check(_ test: Case) throws {
        let set = TemplateSet(["page": try Template(test.source)])
        #expect(set.text("page", [test.value]) == test.expected)
    }

    @Test("The last context is asked first, and the ones before it after that")
    func contexts() throws {
        let set = TemplateSet(["page": try Template("{{a}}{{b}}")])
        #expect(set.text("page", [["a": "1", "b": "2"], ["a": "3"]]) == "32")
    }

    @Test("A template that isn't there renders nothing")
    func missing() {
        #expect(TemplateSet().text("page", [[:]]) == "")
    }

    @Test("Rendering appends to what the buffer holds")
    func appends() throws {
        var bytes = Array("before ".utf8)
        TemplateSet(["page": try Template("after")]).render("page", [[:]], into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "before after")
    }
}
