import Glibc

/// The live release, from which a new one takes over what hasn't changed.
final class PreviousRelease: Sendable {
    let id: String
    /// What each file was made from; empty when it was made by another generator or theme, so that nothing is taken over unseen.
    let keys: [String: Fingerprint]
    /// How the sources of copied files looked to the file system.
    let inputs: [String: Fingerprint]
    let directory: Int32

    /// Nil when the release's folder is gone.
    init?(folders: ReleaseFolders, id: String, environment: BuildEnvironment) {
        directory = open(folders.release(id), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { return nil }
        self.id = id
        let state = readFile(folders.state(id)).flatMap { ReleaseState($0) }
        let isUsable = !environment.options.force && state?.generator == environment.generator
        keys = isUsable ? state?.keys ?? [:] : [:]
        inputs = isUsable ? state?.inputs ?? [:] : [:]
    }

    deinit { close(directory) }

    /// Whether the new release is file for file this one.
    func isSame(as writer: ReleaseWriter) -> Bool { writer.writtenCount == 0 && writer.keys == keys }
}
