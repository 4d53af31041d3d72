package import Tenancy

/// What a build remembers about its release, so that the next one does only what is needed.
///
/// Kept beside the release's folder, never in it. Anything unreadable counts as "remembers nothing", which costs time and nothing else.
package struct ReleaseState: Sendable, Equatable {
    /// Of the tenant's folder as it was read; nil when it may have changed meanwhile.
    package var content: Fingerprint?
    /// Of theme, strings, options and the generator itself.
    package var environment: Fingerprint
    /// The program that made it.
    package var generator: Fingerprint
    /// From when on time alone changes the site.
    package var validUntil: Instant?
    /// The moment the release was made for: an earlier `--now` needs a build as well.
    package var madeFor: Instant
    /// Whether the content had errors; they must be said again every time.
    package var hasFindings: Bool
    /// What each file was made from, by path.
    package var keys: [String: Fingerprint]
    /// How the source of each copied file looked to the file system, by the copy's path.
    package var inputs: [String: Fingerprint] = [:]

    private static let magic = Array("MARQUEE1".utf8)
    static let headerSize = 8 + 8 * 9

    init(
        content: Fingerprint?, environment: Fingerprint, generator: Fingerprint, validUntil: Instant?, madeFor: Instant, hasFindings: Bool,
        keys: [String: Fingerprint]
    ) {
        self.content = content
        self.environment = environment
        self.generator = generator
        self.validUntil = validUntil
        self.madeFor = madeFor
        self.hasFindings = hasFindings
        self.keys = keys
    }

    /// Whether a build at `now` with these inputs would give the same release.
    func isCurrent(content: Fingerprint, environment: Fingerprint, now: Instant) -> Bool {
        guard self.content == content, self.environment == environment, !hasFindings, now >= madeFor else { return false }
        return validUntil.map { now < $0 } ?? true
    }

    // MARK: As bytes

    func bytes() -> [UInt8] {
        var output = Self.magic
        func add(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) } }
        func add(_ fingerprint: Fingerprint) {
            add(fingerprint.high)
            add(fingerprint.low)
        }
        add(content ?? Fingerprint(high: 0, low: 0))
        add(environment)
        add(generator)
        add(UInt64(bitPattern: validUntil?.seconds ?? .max))
        add(UInt64(bitPattern: madeFor.seconds))
        add((content == nil ? 1 : 0) | (hasFindings ? 2 : 0))
        for map in [keys, inputs] {
            add(UInt64(map.count))
            for (path, fingerprint) in map.sorted(by: { $0.key < $1.key }) {
                add(UInt64(path.utf8.count))
                output.append(contentsOf: path.utf8)
                add(fingerprint)
            }
        }
        add(Fingerprint(of: output))
        return output
    }

    /// Nil when the bytes aren't those of a whole state.
    init?(_ bytes: [UInt8], headerOnly: Bool = false) {
        guard bytes.count >= Self.headerSize, bytes.starts(with: Self.magic) else { return nil }
        var reader = Reader(bytes: bytes, position: Self.magic.count)
        guard let content = reader.fingerprint(), let environment = reader.fingerprint(), let generator = reader.fingerprint(),
            let validUntil = reader.integer(), let madeFor = reader.integer(),
            let flags = reader.integer()
        else { return nil }
        self.content = flags & 1 == 0 ? content : nil
        self.environment = environment
        self.generator = generator
        self.validUntil = Int64(bitPattern: validUntil) == .max ? nil : Instant(seconds: Int64(bitPattern: validUntil))
        self.madeFor = Instant(seconds: Int64(bitPattern: madeFor))
        hasFindings = flags & 2 != 0
        keys = [:]
        if headerOnly { return }
        guard bytes.count >= 16, bytes[..<(bytes.count - 16)].withUnsafeBytes({ Fingerprint(of: $0) }) == Reader.last(bytes) else { return nil }
        guard let keys = reader.map(), let inputs = reader.map() else { return nil }
        self.keys = keys
        self.inputs = inputs
    }

    private struct Reader {
        let bytes: [UInt8]
        var position: Int

        mutating func integer() -> UInt64? {
            guard position + 8 <= bytes.count else { return nil }
            defer { position += 8 }
            return bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self)) }
        }

        mutating func fingerprint() -> Fingerprint? {
            guard let high = integer(), let low = integer() else { return nil }
            return Fingerprint(high: high, low: low)
        }

        mutating func map() -> [String: Fingerprint]? {
            guard let count = integer(), count < 10_000_000 else { return nil }
            var map: [String: Fingerprint] = [:]
            for _ in 0..<count {
                guard let path = text(), let fingerprint = fingerprint() else { return nil }
                map[path] = fingerprint
            }
            return map
        }

        mutating func text() -> String? {
            guard let length = integer(), length < 1 << 16, position + Int(length) <= bytes.count else { return nil }
            defer { position += Int(length) }
            return String(decoding: bytes[position..<(position + Int(length))], as: UTF8.self)
        }

        static func last(_ bytes: [UInt8]) -> Fingerprint? {
            var reader = Reader(bytes: bytes, position: bytes.count - 16)
            return reader.fingerprint()
        }
    }
}
