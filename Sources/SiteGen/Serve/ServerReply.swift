import StaticSites

/// What an extra route of the server answers.
enum ServerReply: Sendable {
    case response(SiteResponse)
    /// A head from `StaticResponder.eventStreamHead`, then the stream's pieces as they come, until it ends or the reader leaves.
    case stream(SiteResponse, AsyncStream<[UInt8]>)
}
