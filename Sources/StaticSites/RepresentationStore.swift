import CXXHash
import Glibc
import Tenancy

/// Makes representations of files, and keeps what was costly to make.
final class RepresentationStore: Sendable {
    private struct BodyKey: Hashable {
        let identity: FileIdentity
        let coding: ContentCoding?
        /// The organization whose path was put in front of the links, nil if they are as written.
        let linksOf: Slug?
    }

    /// One file as one surface shows it.
    private struct Source {
        let file: OpenFile
        let links: ContentType.Links?
        let linksOf: Slug?

        func key(_ coding: ContentCoding?) -> BodyKey { BodyKey(identity: file.identity, coding: coding, linksOf: linksOf) }
    }

    private let bodies: RecentCache<BodyKey, [UInt8]>
    private let hashes = RecentCache<FileIdentity, UInt64>(maximumCost: 100_000)

    /// Bytes. Below, the headers outweigh the gain.
    private static let smallestToCompress = 512
    /// Bytes. Above, compressing or scanning would keep others waiting; such files should be compressed beforehand.
    private static let largestToTransform = 1 << 20
    private static let largestToHash = 4 << 20

    init(cacheSize: Int) {
        bodies = RecentCache(maximumCost: cacheSize)
    }

    /// - Parameters:
    ///   - name: the file's name in the release, to find `.br` and `.gz` beside it.
    ///   - codings: what the reader prefers, best first; the first that is to be had is taken.
    ///   - pathOf: the organization below whose path the site is served, nil on its own host.
    func representation(
        of file: OpenFile, name: [UInt8], type: ContentType, in release: ReleaseFolder, codings: [ContentCoding], pathOf: Slug?
    ) throws(SiteUnavailable) -> Representation {
        let isRewritten = pathOf != nil && type.links != nil && file.size <= Self.largestToTransform
        let source = Source(file: file, links: isRewritten ? type.links : nil, linksOf: isRewritten ? pathOf : nil)
        if type.isCompressible, file.size >= Self.smallestToCompress {
            for coding in codings {
                guard let body = try compressed(source, coding: coding, name: name, in: release) else { continue }
                return Representation(body: body, tag: try tag(of: source, coding: coding), coding: coding)
            }
        }
        let body = isRewritten ? .bytes(try bytes(of: source)) : SiteBody.file(file, offset: 0, count: file.size)
        return Representation(body: body, tag: try tag(of: source, coding: nil), coding: nil)
    }

    private func compressed(
        _ source: Source, coding: ContentCoding, name: [UInt8], in release: ReleaseFolder
    ) throws(SiteUnavailable) -> SiteBody? {
        let key = source.key(coding)
        if let kept = bodies[key] { return .bytes(kept) }
        if source.links == nil, case .file(let file) = try release.entry(name + Array(coding.fileEnding.utf8)) {
            return .file(file, offset: 0, count: file.size)
        }
        guard source.file.size <= Self.largestToTransform, let made = coding.compress(try bytes(of: source)) else { return nil }
        bodies.insert(made, for: key, cost: made.count)
        return .bytes(made)
    }

    /// The uncompressed bytes, with the links that the source asks for.
    private func bytes(of source: Source) throws(SiteUnavailable) -> [UInt8] {
        guard let links = source.links, let slug = source.linksOf else { return try content(of: source.file) }
        let key = source.key(nil)
        if let kept = bodies[key] { return kept }
        let made = LinkRewriter.rewrite(try content(of: source.file), links: links, base: Array("/org/\(slug)".utf8))
        bodies.insert(made, for: key, cost: made.count)
        return made
    }

    private func tag(of source: Source, coding: ContentCoding?) throws(SiteUnavailable) -> EntityTag {
        let file = source.file
        let variant = (source.linksOf.map { "-\($0)" } ?? "") + (coding.map { "-\($0.rawValue)" } ?? "")
        guard file.size <= Self.largestToHash else { return EntityTag(identity: file.identity, variant: variant) }
        if let kept = hashes[file.identity] { return EntityTag(hash: kept, size: file.size, variant: variant) }
        let hash = try content(of: file).withUnsafeBytes { XXH3_64bits($0.baseAddress, $0.count) }
        hashes.insert(hash, for: file.identity, cost: 1)
        return EntityTag(hash: hash, size: file.size, variant: variant)
    }

    private func content(of file: OpenFile) throws(SiteUnavailable) -> [UInt8] {
        guard let bytes = file.read(offset: 0, count: file.size) else { throw SiteUnavailable(code: EIO) }
        return bytes
    }
}
