/// A request whose target has been read.
struct Visit {
    let request: SiteRequest
    let path: SitePath
    /// Raw, without the `?`.
    let query: ArraySlice<UInt8>?
}
