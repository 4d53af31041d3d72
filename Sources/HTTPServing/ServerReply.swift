package import NIOCore
package import NIOHTTP1
package import StaticSites

/// What a connection does with a request.
package enum ServerReply: Sendable {
    case now(ServerResponse)
    /// What takes longer than the connection's event loop may be kept. It is finished even if the client leaves.
    case later(@Sendable () async -> ServerResponse)
}

/// An answer. `Date` and `Connection` are the connection's.
package struct ServerResponse: Sendable {
    package enum Body: Sendable {
        case none
        case buffer(ByteBuffer)
        /// `count` bytes of a file from `offset` on.
        case file(OpenFile, offset: Int, count: Int)
        /// Pieces as they come, each taken by the client before the next is asked for. It ends with the closure, which is cancelled when the
        /// client leaves; if it throws, the connection is closed, so that nobody takes a part for the whole.
        case stream(@Sendable (BodyWriter) async throws -> Void)
    }

    package var status: Int
    package var headers: HTTPHeaders
    package var body: Body
    /// Told once, on the event loop, when the answer has been sent or could not be.
    package var whenSent: (@Sendable (SentResponse) -> Void)?

    package init(status: Int, headers: HTTPHeaders, body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package init(_ response: SiteResponse) {
        status = response.status
        headers = HTTPHeaders()
        headers.reserveCapacity(response.headers.count + 4)
        for field in response.headers { headers.add(name: field.name, value: field.value.text) }
        switch response.body {
        case .none: body = .none
        case .bytes(let bytes): body = .buffer(ByteBuffer(bytes: bytes))
        case .file(let file, let offset, let count): body = .file(file, offset: offset, count: count)
        }
    }
}

extension ServerResponse {
    /// A head from `StaticResponder.eventStreamHead`, then pieces until their stream ends.
    package init(_ head: SiteResponse, pieces: AsyncStream<[UInt8]>) {
        self.init(head)
        body = .stream { writer in
            for await piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
        }
    }
}

/// How an answer went.
package struct SentResponse: Sendable {
    package let status: Int
    /// Bytes of content that were handed to the system.
    package let bytes: Int
    /// False if the client left before the end.
    package let isComplete: Bool
}

/// Takes the pieces of a streamed answer.
package struct BodyWriter: Sendable {
    let writePiece: @Sendable (ByteBuffer) async throws -> Void

    /// Returns when the client has taken the piece. Throws when it has left.
    package func write(_ piece: ByteBuffer) async throws {
        try await writePiece(piece)
    }
}

/// What a server does, without its connections.
package protocol RequestAnswerer: Sendable {
    /// Called on the connection's event loop, which waits.
    /// - Parameters:
    ///   - body: all of it; empty if there is none.
    ///   - peer: the other end of the connection, which is a proxy's if there is one.
    func reply(to request: SiteRequest, body: ByteBuffer, from peer: SocketAddress?) -> ServerReply

    /// The answer to what could not be read as a request, or is refused before it is complete: 400, 408, 413, 431, 503.
    /// - Parameter target: of the request's first line; nil if none was read.
    func refusal(_ status: Int, to target: String?) -> ServerResponse
}
