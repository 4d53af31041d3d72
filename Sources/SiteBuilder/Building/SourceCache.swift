import Synchronization

/// Pages that were read before, for a process that builds the same tenants again and again.
package final class SourceCache: Sendable {
    struct Entry {
        let file: ContentFile
        let page: SourcePage
    }

    /// A tenant's pages by path.
    typealias Pages = [String: Entry]

    private struct State {
        var tenants: [String: (pages: Pages, lastUse: Int)] = [:]
        var count = 0
        var uses = 0
    }

    /// Of all tenants together, to keep a process that serves thousands of them small.
    private let maximumPages: Int
    private let state = Mutex(State())

    package convenience init() { self.init(maximumPages: 20_000) }

    package init(maximumPages: Int) { self.maximumPages = maximumPages }

    /// What is known of the tenant whose folder is `root`. An entry is right for as long as its file looks the same.
    func pages(of root: String) -> Pages {
        state.withLock { state in
            state.uses += 1
            state.tenants[root]?.lastUse = state.uses
            return state.tenants[root]?.pages ?? [:]
        }
    }

    /// Replaces what is known of a tenant. Where that is too much, the tenants that were built longest ago are forgotten.
    func remember(_ pages: Pages, of root: String) {
        state.withLock { state in
            state.uses += 1
            state.count += pages.count - (state.tenants[root]?.pages.count ?? 0)
            state.tenants[root] = (pages, state.uses)
            guard state.count > maximumPages else { return }
            // Some more go than must, so that this isn't done again for the next tenant.
            for (root, tenant) in state.tenants.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where state.count > maximumPages / 4 * 3 {
                state.count -= tenant.pages.count
                state.tenants[root] = nil
            }
        }
    }
}
