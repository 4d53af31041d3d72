import Testing

@testable import SignupServer

@Suite("Names of requests")
struct RequestIDTests {
    @Test("each is given once, and neighbours have nothing in common")
    func unique() {
        let names = RequestIDs(start: 42)
        let some = (0..<100_000).map { _ in names.next() }
        #expect(Set(some).count == some.count)
        #expect(some.allSatisfy { $0.wholeMatch(of: /[0-9a-v]{13}/) != nil })
        #expect(zip(some[0], some[1]).count { $0 == $1 } < 6)
    }

    @Test("two processes give different ones")
    func processes() {
        #expect(RequestIDs(start: 1).next() != RequestIDs(start: 2).next())
    }
}
