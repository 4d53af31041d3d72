import Tenancy
import Testing

@testable import SiteBuilder

@Suite("What a build remembers")
struct ReleaseStateTests {
    private static func print(_ number: UInt64) -> Fingerprint { Fingerprint(high: number, low: ~number) }

    private static func state(content: Fingerprint? = print(1), validUntil: Instant? = Instant(seconds: 2000), hasFindings: Bool = false)
        -> ReleaseState
    {
        ReleaseState(
            content: content, environment: print(2), generator: print(3), validUntil: validUntil, madeFor: Instant(seconds: 1000),
            hasFindings: hasFindings,
            keys: ["index.html": print(4), "ñ/x.html": print(5)])
    }

    @Test("is read as it was written", arguments: [state(), state(content: nil), state(validUntil: nil), state(hasFindings: true)])
    func roundTrip(_ state: ReleaseState) {
        #expect(ReleaseState(state.bytes()) == state)
        var header = state
        header.keys = [:]
        #expect(ReleaseState(Array(state.bytes().prefix(ReleaseState.headerSize)), headerOnly: true) == header)
    }

    @Test("is forgotten when a byte is wrong or missing")
    func damage() {
        let bytes = Self.state().bytes()
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x20
            #expect(ReleaseState(changed) == nil, "byte \(index)")
            #expect(ReleaseState(Array(bytes[..<index])) == nil, "cut at \(index)")
        }
    }

    @Test("is current for the same input until the next moment")
    func current() {
        let state = Self.state()
        func isCurrent(_ content: UInt64 = 1, _ environment: UInt64 = 2, at seconds: Int64 = 1500) -> Bool {
            state.isCurrent(content: Self.print(content), environment: Self.print(environment), now: Instant(seconds: seconds))
        }
        #expect(isCurrent())
        #expect(isCurrent(at: 1000) && isCurrent(at: 1999))
        #expect(!isCurrent(at: 999) && !isCurrent(at: 2000))
        #expect(!isCurrent(9) && !isCurrent(1, 9))
        #expect(!Self.state(content: nil).isCurrent(content: Self.print(1), environment: Self.print(2), now: Instant(seconds: 1500)))
        #expect(!Self.state(hasFindings: true).isCurrent(content: Self.print(1), environment: Self.print(2), now: Instant(seconds: 1500)))
        #expect(Self.state(validUntil: nil).isCurrent(content: Self.print(1), environment: Self.print(2), now: Instant(seconds: 1 << 40)))
    }

    @Test("An archive is read as it was written, and a cut or broken one is none")
    func archive() {
        let archive = SourceArchive(["a.md": [1, 2, 3], "ñ.md": [], "site.yaml": Array("name: x".utf8)])
        let bytes = archive.bytes()
        #expect(SourceArchive(bytes)?.files == archive.files)
        #expect(SourceArchive(SourceArchive().bytes())?.files == [:])
        for end in [0, 3, 9, 15, 17, bytes.count - 1] { #expect(SourceArchive(Array(bytes[..<end])) == nil) }
        var huge = bytes
        for index in 8..<16 { huge[index] = 0xFF }
        #expect(SourceArchive(huge) == nil)
    }
}
