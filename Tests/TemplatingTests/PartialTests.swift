import Templating
import Testing

@Suite("Partials")
struct PartialTests {
    private func set(_ sources: [String: String]) throws -> TemplateSet {
        TemplateSet(try sources.mapValues { try Template($0) })
    }

    @Test("A partial renders with the names that are known where it stands")
    func context() throws {
        let set = try set(["page": "{{#items}}{{> card}}{{/items}}", "card": "<{{title}} {{site}}>"])
        #expect(set.text("page", [["site": "S", "items": [["title": "a"], ["title": "b"]]]]) == "<a S><b S>")
    }

    @Test("A partial on a line of its own leaves no empty line")
    func standalone() throws {
        let set = try set(["page": "a\n  {{> card}}\nb\n", "card": "c\n"])
        #expect(set.text("page", [[:]]) == "a\nc\nb\n")
    }

    @Test("A partial that isn't there renders nothing and is named")
    func missing() throws {
        let set = try set(["page": "a{{> gone}}b{{> lost}}", "other": "{{> gone}}"])
        #expect(set.text("page", [[:]]) == "ab")
        #expect(set.missingPartials == ["gone", "lost"])
    }

    @Test("A partial that uses itself ends")
    func loop() throws {
        let set = try set(["page": "x{{> page}}"])
        #expect(set.text("page", [[:]]).utf8.count == TemplateSetLimits.maximumPartialDepth + 1)
    }

    @Test("Two partials that use each other end")
    func mutualLoop() throws {
        let set = try set(["a": "a{{> b}}", "b": "b{{> a}}"])
        let text = set.text("a", [[:]])
        #expect(text.hasPrefix("abab"))
        #expect(text.utf8.count == TemplateSetLimits.maximumPartialDepth + 1)
    }

    @Test("A tree of values is walked by a partial that uses itself")
    func recursion() throws {
        let set = try set(["item": "{{n}}{{#children}}({{> item}}){{/children}}"])
        let tree: TemplateValue = ["n": "1", "children": [["n": "2", "children": [["n": "3", "children": []]]], ["n": "4", "children": []]]]
        #expect(set.text("item", [tree]) == "1(2(3))(4)")
    }

    @Test("The closure of a template is all that it can reach, through loops as well")
    func closure() throws {
        let set = try set(["page": "{{> a}}{{#x}}{{> b}}{{/x}}", "a": "{{> c}}", "b": "", "c": "{{> a}}", "other": ""])
        #expect(set.closure(of: "page") == ["a", "b", "c", "page"])
        #expect(set.closure(of: "other") == ["other"])
        #expect(try Template("{{> a}}{{> a}}{{> b}}").partials == ["a", "b"])
    }

    private enum TemplateSetLimits {
        static let maximumPartialDepth = 16
    }
}
