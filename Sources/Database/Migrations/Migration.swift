/// One step that brings a file from one version to the next, in one transaction.
///
/// A kind of file has one list of them, and the list only ever grows at its end: a step that has been in use is never changed, renamed, moved
/// or taken out. A new step can rebuild tables; foreign keys are checked when it is done.
package struct Migration: Sendable {
    /// Noted in every file. Unique in its list.
    package let name: String
    let apply: @Sendable (Connection) throws -> Void

    package init(_ name: String, _ apply: @escaping @Sendable (Connection) throws -> Void) {
        self.name = name
        self.apply = apply
    }

    /// Several statements without parameters.
    package init(_ name: String, sql: String) {
        self.init(name) { try $0.script(sql) }
    }
}
