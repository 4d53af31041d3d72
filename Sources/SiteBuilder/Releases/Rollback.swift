/// Puts a release live again that was so before.
package struct Rollback {
    private let folders: ReleaseFolders

    package init(output: String, slug: String) {
        folders = ReleaseFolders(output: output, slug: slug)
    }

    /// Notes the content as dealt with, so that the next build doesn't undo the rollback: only changed content does.
    private func hold(_ target: String, insteadOf live: String) throws(BuildError) {
        guard let rejected = readFile(folders.state(live)).flatMap({ ReleaseState($0) }),
            var state = readFile(folders.state(target)).flatMap({ ReleaseState($0) })
        else { return }
        state.content = rejected.content
        state.environment = rejected.environment
        state.validUntil = nil
        state.madeFor = rejected.madeFor
        state.hasFindings = false
        try replaceFile(folders.state(target), state.bytes())
    }

    /// Makes `id`, or the release before the live one, live. Returns its id.
    package func run(to id: String?) throws(BuildError) -> String {
        let lock = try TenantLock(folders)
        defer { withExtendedLifetime(lock) {} }
        let releases = folders.releaseIDs
        guard let live = folders.liveID else { throw .noTenant("\(folders.slug) has no live release") }
        let target = id ?? releases.last { $0 < live }
        guard let target else { throw .noTenant("\(folders.slug) has no release before \(live)") }
        guard releases.contains(target) else {
            throw .noTenant("\(folders.slug) has no release \(target); there are \(releases.joined(separator: ", "))")
        }
        try hold(target, insteadOf: live)
        try folders.makeLive(target)
        return target
    }
}
