import Templating
import TestSupport
import Testing

@Suite("Members of a value")
struct TemplateObjectTests {
    @Test("are found, replaced and removed by name like those of a dictionary")
    func likeADictionary() {
        var random = SeededGenerator(seed: 11)
        var object = TemplateObject()
        var dictionary: [String: TemplateValue] = [:]
        let names = (0..<60).map { "member_\($0 % 7)_\($0)" }
        for step in 0..<5_000 {
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let value: TemplateValue? = Int.random(in: 0..<4, using: &random) == 0 ? nil : .text(String(step))
            object[TemplateName(name)] = value
            dictionary[name] = value
            #expect(object[TemplateName(name)] == dictionary[name])
        }
        #expect(object == TemplateObject(dictionary))
        for name in names { #expect(object[TemplateName(name)] == dictionary[name]) }
    }

    @Test("keep the last of two with one name")
    func lastCounts() {
        let object: TemplateObject = ["a": "1", "b": "2", "a": "3"]
        #expect(object == ["a": "3", "b": "2"])
    }

    @Test("have names that are the same as a literal and as a text")
    func names() {
        #expect(TemplateName("title") == "title")
        #expect(TemplateName("a_name_of_more_than_sixteen_bytes") == "a_name_of_more_than_sixteen_bytes")
        #expect(TemplateName("é") == "é")
        #expect(TemplateName("title") != "titles")
        #expect(TemplateName("") != TemplateName("\0"))
    }

    @Test("have different hashes for all names of up to three letters and underscores")
    func hashes() {
        let signs = Array("abcdefghijklmnopqrstuvwxyz_0123456789")
        var seen: Set<TemplateName> = []
        for first in signs {
            for second in signs {
                for third in signs { seen.insert(TemplateName(String([first, second, third]))) }
            }
        }
        #expect(seen.count == signs.count * signs.count * signs.count)
    }
}
