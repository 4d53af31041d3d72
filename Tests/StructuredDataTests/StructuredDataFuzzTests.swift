import StructuredData
import TestSupport
import Testing

@Suite("Texts that nobody would write")
struct StructuredDataFuzzTests {
    /// What volunteers and their tools have really written.
    static let samples = [
        "title: \"Harvest Carnival\"\ndate: 2026-10-02\nstart: 2026-10-16T17:00\nend: 2026-10-16T20:00\ntags: [family, fall]\nlocation: Gym\n",
        "title: 'Jardín: ¡ven!'\nrrule: FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270601\nexdate: [2026-12-08]\nstatus: confirmed\nimage: media/a b.jpg\n",
        "banner:\n  text: {en: Snow day, es: \"Día de nieve\"}\n  until: 2026-11-30\nhero:\n  buttons:\n    - {title: Join, page: join.md}\n    - title: Give\n      url: https://example.org/?a=b&c=d#e\n",
        "name: Lincoln Elementary PTSA\nunit: {kind: PTSA, number: \"2.6.45\", state: WA}\ncolors: {primary: \"#0b5394\"}\nlanguages: [en, es]\n",
        "a: &x {b: c}\nd: *x\ne: |\n  block\n   text\nf: >-\n  folded\n# comment\n? key\n: value\n",
        "- role: President\n  name: Ana\n- role: Treasurer\n  vacant: true\n",
    ]

    static let tomlSamples = [
        "title = \"Harvest\"\ndate = 2026-10-02T10:00:00-07:00\ntags = [\"a\", 'b']\ndraft = false\nweight = 3\n[banner]\ntext = \"\"\"long\ntext\"\"\"\n",
        "[[buttons]]\ntitle = \"Join\"\n[[buttons]]\nx = {a = 1, b = [1.5, 2]}\nd = 0x1F\nt = 07:32:00\n",
    ]

    private static func mutated(_ sample: String, _ random: inout SeededGenerator) -> [UInt8] {
        let signs = Array(":-[]{}\"'#&*!|>%@`,?\n\t\r \\=+.~0a\u{0}\u{7F}".utf8) + [0x80, 0xC3, 0xFF, 0xEF, 0xBB, 0xBF]
        var bytes = Array(sample.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: bytes.insert(signs[Int.random(in: 0..<signs.count, using: &random)], at: index)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] = signs[Int.random(in: 0..<signs.count, using: &random)]
            case 3: bytes = Array(bytes[..<index])
            default:
                let end = min(bytes.count, index + Int.random(in: 0...20, using: &random))
                bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &random))
            }
        }
        return bytes
    }

    @Test("12,000 mutations of real YAML give values or an error with a place inside the text", arguments: [1, 2, 3] as [UInt64])
    func yaml(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (read, refused) = (0, 0)
        for _ in 0..<4_000 {
            let bytes = Self.mutated(Self.samples[Int.random(in: 0..<Self.samples.count, using: &random)], &random)
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
            do throws(StructuredDataError) {
                let node = try YAMLReader.read(bytes)
                var fields = FieldReader(node, describedAs: "it")
                for name in ["title", "tags", "name"] { _ = (fields.text(name), fields.texts(name), fields.bool(name), fields.integer(name)) }
                _ = fields.finish()
                read += 1
            } catch {
                refused += 1
                #expect(
                    (1...lines).contains(error.mark.line) && error.mark.column >= 1 && !error.problem.isEmpty && !error.advice.isEmpty, "\(bytes)")
            }
        }
        #expect(read > 500 && refused > 500)
    }

    @Test("4,000 mutations of real TOML give values or an error", arguments: [4, 5] as [UInt64])
    func toml(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (read, refused) = (0, 0)
        for _ in 0..<2_000 {
            let bytes = Self.mutated(Self.tomlSamples[Int.random(in: 0..<Self.tomlSamples.count, using: &random)], &random)
            do throws(StructuredDataError) {
                _ = try TOMLReader.read(String(decoding: bytes, as: UTF8.self))
                read += 1
            } catch {
                refused += 1
                #expect(error.mark.line >= 1)
            }
        }
        #expect(read > 50 && refused > 500)
    }

    @Test("4,000 strings of any bytes end in a value or an error", arguments: [6] as [UInt64])
    func bytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let signs = Array("{}[]:,-&*!|>'\"%@`?# \n\tab01".utf8)
        var refused = 0
        for _ in 0..<4_000 {
            let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                Int.random(in: 0...3, using: &random) > 0
                    ? signs[Int.random(in: 0..<signs.count, using: &random)] : UInt8.random(in: 0...255, using: &random)
            }
            if (try? YAMLReader.read(bytes)) == nil { refused += 1 }
            _ = try? TOMLReader.read(String(decoding: bytes, as: UTF8.self))
        }
        #expect(refused > 2_000)
    }
}
