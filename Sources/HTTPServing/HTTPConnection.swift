import Glibc
import NIOCore
import NIOHTTP1
import StaticSites

/// One HTTP/1.1 connection: reads a request, answers it, reads the next. `HTTPServerPipelineHandler` in front of it holds back pipelined
/// requests until the answer is complete. All of it runs on the connection's event loop.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Between two requests; `hasBegun` when a part of the next one's head has come.
        case idle(hasBegun: Bool)
        case receiving(HTTPRequestHead, body: ByteBuffer)
        case answering
        /// The last answer is out; what still comes in is thrown away.
        case closing
    }

    private let answerer: any RequestAnswerer
    private let limits: ConnectionLimits
    private let peer: SocketAddress?
    private var state = State.idle(hasBegun: false)
    /// When the connection is closed if nothing gets on; nil while nothing is awaited from the client.
    private var deadline: NIODeadline?
    private var watch: RepeatedTask?
    /// The stream under way.
    private var stream: Task<Void, Never>?
    /// The client has said that it sends no more.
    private var isInputClosed = false
    /// The head did not come in time.
    private var isLate = false
    /// The answer under way.
    fileprivate var sending: Sending?

    private static let clock = HTTPClock()

    init(answerer: any RequestAnswerer, limits: ConnectionLimits, peer: SocketAddress?) {
        self.answerer = answerer
        self.limits = limits
        self.peer = peer
    }

    // MARK: Reading

    func channelActive(context: ChannelHandlerContext) {
        deadline = .now() + limits.idle
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let (connection, context) = bound.value
            if let deadline = connection.deadline, deadline <= .now() { connection.timeIsUp(context: context) }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        deadline = nil
        watch?.cancel()
        stream?.cancel()
        report(isComplete: false)
        context.fireChannelInactive()
    }

    /// Some bytes have come, whatever they will be read as.
    func bytesArrived() {
        guard case .idle(hasBegun: false) = state else { return }
        state = .idle(hasBegun: true)
        deadline = .now() + limits.request
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            begin(head, context: context)
        case (.body(var bytes), .receiving(let head, var body)):
            guard bytes.readableBytes <= limits.body - body.readableBytes else { return refuse(413, context: context) }
            // The state would hold a second reference, and the body be copied with every piece.
            state = .answering
            body.writeBuffer(&bytes)
            state = .receiving(head, body: body)
        case (.end, .receiving(let head, let body)):
            state = .answering
            deadline = nil
            answer(head, body, context: context)
        default:
            break
        }
    }

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        state = .receiving(head, body: ByteBuffer())
        deadline = .now() + limits.request
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.body {
            return refuse(413, context: context)
        }
        if head.version == .http1_1, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
        isInputClosed = true
        switch state {
        case .idle, .receiving: context.close(promise: nil)
        case .answering, .closing: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? HTTPParserError, state) {
        case (.some, .idle) where isLate: refuse(408, context: context)
        case (.headerOverflow, .idle), (.headerOverflow, .receiving): refuse(431, context: context)
        case (.some, .idle), (.some, .receiving): refuse(400, context: context)
        case (_, .closing): break
        default: context.close(promise: nil)
        }
    }

    private func timeIsUp(context: ChannelHandlerContext) {
        switch state {
        case .receiving: refuse(408, context: context)
        case .idle(hasBegun: true):
            // The handler for pipelining lets an answer to half a head through after an error of the parser only.
            isLate = true
            context.pipeline.fireErrorCaught(HTTPParserError.invalidEOFState)
        case .idle(hasBegun: false), .answering, .closing: context.close(promise: nil)
        }
    }

    /// Answers what is no request, and closes: where the next one would begin is not known.
    private func refuse(_ status: Int, context: ChannelHandlerContext) {
        var target: String?
        if case .receiving(let head, _) = state { target = head.uri }
        state = .answering
        send(answerer.refusal(status, to: target), for: Exchange(isHead: false, keepsAlive: false, isHTTP10: false), context: context)
    }

    // MARK: Answering

    /// What of a request matters for sending its answer.
    private struct Exchange {
        let isHead: Bool
        var keepsAlive: Bool
        let isHTTP10: Bool
    }

    /// An answer of which something is still to be sent.
    fileprivate struct Sending {
        let status: Int
        var bytes = 0
        let whenSent: (@Sendable (SentResponse) -> Void)?
    }

    private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, context: ChannelHandlerContext) {
        // A protocol to change to is not offered, and the parser reads nothing behind such a request.
        let keepsAlive = head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
        let exchange = Exchange(isHead: head.method == .HEAD, keepsAlive: keepsAlive, isHTTP10: head.version == .http1_0)
        guard head.version == .http1_0 || head.version == .http1_1 else {
            return send(answerer.refusal(400, to: head.uri), for: exchange, context: context)
        }
        let request = SiteRequest(
            method: head.method.rawValue, target: head.uri, hosts: head.headers["host"],
            version: exchange.isHTTP10 ? .http10 : .http11, headers: head.headers.map { ($0.name, $0.value) })
        switch answerer.reply(to: request, body: body, from: peer) {
        case .now(let response):
            send(response, for: exchange, context: context)
        case .later(let work):
            let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
            let eventLoop = context.eventLoop
            Task {
                let response = await work()
                eventLoop.execute {
                    let (connection, context) = bound.value
                    if case .answering = connection.state {
                        connection.send(response, for: exchange, context: context)
                    } else {
                        response.whenSent?(SentResponse(status: response.status, bytes: 0, isComplete: false))
                    }
                }
            }
        }
    }

    private func send(_ response: ServerResponse, for exchange: Exchange, context: ChannelHandlerContext) {
        var response = response
        // Small files go out together with their head.
        if !exchange.isHead, case .file(let file, let offset, let count) = response.body, count <= ConnectionLimits.copiedFileSize {
            guard let bytes = file.read(offset: offset, count: count) else {
                return send(answerer.refusal(503, to: nil), for: exchange, context: context)
            }
            response.body = .buffer(ByteBuffer(bytes: bytes))
        }
        var exchange = exchange
        if isInputClosed { exchange.keepsAlive = false }
        let hasLength = response.headers.contains(name: "content-length") || response.status == 304 || response.status == 204
        // Without a length, HTTP/1.0 ends an answer with the connection.
        if exchange.isHTTP10, !hasLength { exchange.keepsAlive = false }
        sending = Sending(status: response.status, whenSent: response.whenSent)
        deadline = .now() + limits.write
        context.write(wrapOutboundOut(.head(head(of: response, for: exchange, hasLength: hasLength))), promise: nil)
        switch exchange.isHead ? .none : response.body {
        case .none:
            break
        case .buffer(let buffer):
            sending?.bytes = buffer.readableBytes
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        case .file(let file, let offset, let count):
            return sendPieces(of: file, range: offset..<(offset + count), for: exchange, context: context)
        case .stream(let write):
            return sendPieces(
                from: write, length: response.headers.first(name: "content-length").flatMap { Int($0) }, for: exchange, context: context)
        }
        finish(exchange, context: context)
    }

    private func head(of response: ServerResponse, for exchange: Exchange, hasLength: Bool) -> HTTPResponseHead {
        var headers = response.headers
        headers.add(name: "Date", value: Self.clock.text)
        if !exchange.keepsAlive {
            headers.add(name: "Connection", value: "close")
        } else if exchange.isHTTP10 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        // The encoder divides what has no length into chunks, which HTTP/1.0 does not know.
        let version = exchange.isHTTP10 && !hasLength ? HTTPVersion.http1_0 : .http1_1
        return HTTPResponseHead(version: version, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    }

    /// Sends a large file piece by piece through sendfile(2), so that a slow reader is told from one that has gone.
    private func sendPieces(of file: OpenFile, range: Range<Int>, for exchange: Exchange, context: ChannelHandlerContext) {
        // The channel wants a descriptor of its own to keep.
        let descriptor = dup(file.descriptor)
        guard descriptor >= 0 else { return context.close(promise: nil) }
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
        sendNextPiece(of: handle, range: range, for: exchange, context: context)
    }

    private func sendNextPiece(of handle: NIOFileHandle, range: Range<Int>, for exchange: Exchange, context: ChannelHandlerContext) {
        guard !range.isEmpty else {
            try? handle.close()
            return finish(exchange, context: context)
        }
        let end = min(range.upperBound, range.lowerBound + ConnectionLimits.pieceSize)
        let piece = FileRegion(fileHandle: handle, readerIndex: range.lowerBound, endIndex: end)
        deadline = .now() + limits.write
        let bound = NIOLoopBound((connection: self, context: context, handle: handle), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.fileRegion(piece)))).whenComplete { result in
            let (connection, context, handle) = bound.value
            guard case .success = result else {
                try? handle.close()
                return context.close(promise: nil)
            }
            connection.sending?.bytes += end - range.lowerBound
            connection.sendNextPiece(of: handle, range: end..<range.upperBound, for: exchange, context: context)
        }
    }

    private func sendPieces(
        from write: @escaping @Sendable (BodyWriter) async throws -> Void, length: Int?, for exchange: Exchange, context: ChannelHandlerContext
    ) {
        // The reader is waiting already, and the first piece may take its time.
        context.flush()
        deadline = nil
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        stream = Task {
            let writer = BodyWriter { piece in
                try await eventLoop.flatSubmit {
                    let (connection, context) = bound.value
                    return connection.send(piece: piece, context: context)
                }.get()
            }
            let isWhole = (try? await write(writer)) != nil
            eventLoop.execute {
                let (connection, context) = bound.value
                guard case .answering = connection.state else { return }
                guard isWhole, length == nil || length == connection.sending?.bytes else { return context.close(promise: nil) }
                connection.finish(exchange, context: context)
            }
        }
    }

    private func send(piece: ByteBuffer, context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        guard case .answering = state else { return context.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
        deadline = .now() + limits.write
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))))
        written.whenSuccess {
            bound.value.deadline = nil
            bound.value.sending?.bytes += piece.readableBytes
        }
        return written
    }

    private func finish(_ exchange: Exchange, context: ChannelHandlerContext) {
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        // Before the end is written: the next request may come in while it is.
        state = exchange.keepsAlive && !isInputClosed ? .idle(hasBegun: false) : .closing
        deadline = .now() + limits.write
        let sent = sending
        sending = nil
        let ended = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        ended.whenComplete { result in
            let (connection, context) = bound.value
            guard case .success = result else {
                sent?.report(isComplete: false)
                return context.close(promise: nil)
            }
            sent?.report(isComplete: true)
            switch connection.state {
            case .idle(hasBegun: false):
                connection.deadline = .now() + connection.limits.idle
            case .closing:
                // Our side first: closing both would throw away an answer that the client has not read yet.
                connection.deadline = .now() + connection.limits.lingering
                if connection.isInputClosed {
                    context.close(promise: nil)
                } else {
                    context.close(mode: .output, promise: nil)
                }
            case .idle(hasBegun: true), .receiving, .answering:
                break
            }
        }
    }

    private func report(isComplete: Bool) {
        sending?.report(isComplete: isComplete)
        sending = nil
    }
}

extension HTTPConnection.Sending {
    fileprivate func report(isComplete: Bool) {
        whenSent?(SentResponse(status: status, bytes: bytes, isComplete: isComplete))
    }
}

/// Stands in front of the decoder and tells the connection that something has come: a request's time begins with its first byte.
final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection

    init(connection: HTTPConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.bytesArrived()
        context.fireChannelRead(data)
    }
}
