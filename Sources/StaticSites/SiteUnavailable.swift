/// The machine cannot answer now (out of descriptors or memory, a failing disk): 503, and the reader may try again.
struct SiteUnavailable: Error {
    /// The number of the system call's error, for a log.
    let code: Int32
}
