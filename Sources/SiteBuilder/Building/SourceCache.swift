import Synchronization

/// Pages that were read before, for a process that builds the same tenants again and again.
package final class SourceCache: Sendable {
    private struct Key: Hashable {
        let root: String
        let path: String
    }

    private struct Entry {
        let file: ContentFile
        let page: SourcePage
    }

    /// More pages than this are not remembered, to keep a process that serves thousands of tenants small.
    private static let maximumPages = 20_000

    private let entries = Mutex<[Key: Entry]>([:])

    package init() {}

    func page(_ file: ContentFile, root: String) -> SourcePage? {
        entries.withLock { entries in
            guard let entry = entries[Key(root: root, path: file.path)], entry.file == file else { return nil }
            return entry.page
        }
    }

    func remember(_ page: SourcePage, _ file: ContentFile, root: String) {
        entries.withLock { entries in
            if entries.count >= Self.maximumPages { entries.removeAll(keepingCapacity: true) }
            entries[Key(root: root, path: file.path)] = Entry(file: file, page: page)
        }
    }
}
