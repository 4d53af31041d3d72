import TestSupport
import Testing

@testable import enum StaticSites.HTTPDate

@Suite("Dates of HTTP")
struct HTTPDateTests {
    @Test(
        "written and read",
        arguments: [
            (Int64(0), "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ])
    func both(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds) == text)
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test("every day of 130 years is read as it was written")
    func roundTrip() {
        for day in stride(from: Int64(0), to: 130 * 366, by: 1) {
            let seconds = day * 86_400 + day % 86_400
            #expect(HTTPDate.text(seconds).flatMap(HTTPDate.seconds) == seconds)
        }
    }

    @Test("obsolete forms are read", arguments: ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func obsolete(text: String) {
        #expect(HTTPDate.seconds(text) == 784_111_777)
    }

    @Test(
        "nonsense is nil",
        arguments: [
            "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov -1 08:49:37 GMT",
            "Sun, 06 Nov 1994 ::: GMT", String(repeating: " ,-", count: 1000),
        ])
    func nonsense(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }

    @Test("dates out of range are not written", arguments: [Int64(-1), 253_402_300_800, .max, .min])
    func outOfRange(seconds: Int64) {
        #expect(HTTPDate.text(seconds) == nil)
    }
}
