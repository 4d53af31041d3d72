import Glibc
import NIOCore
import NIOHTTP1
import StaticSites

/// One connection: reads a request, answers it, reads the next. `HTTPServerPipelineHandler` in front of it holds back pipelined requests
/// until the answer is complete. All of it runs on the connection's event loop.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(HTTPRequestHead, bodyLeft: Int)
        case answering
        /// The last answer is out; what still comes in is thrown away.
        case closing
    }

    private let responder: StaticResponder
    private let limits: ServerLimits
    private let extraRoutes: HTTPServer.ExtraRoutes?
    private var state = State.idle
    /// When the connection is closed if nothing gets on; nil while nothing is awaited from the client.
    private var deadline: NIODeadline?
    private var watch: RepeatedTask?
    /// The extra route or the stream under way.
    private var task: Task<Void, Never>?

    private static let clock = HTTPClock()

    init(responder: StaticResponder, limits: ServerLimits, extraRoutes: HTTPServer.ExtraRoutes?) {
        self.responder = responder
        self.limits = limits
        self.extraRoutes = extraRoutes
    }

    // MARK: Reading

    func channelActive(context: ChannelHandlerContext) {
        deadline = .now() + limits.idle
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let (connection, context) = bound.value
            if let deadline = connection.deadline, deadline <= .now() { context.close(promise: nil) }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        deadline = nil
        watch?.cancel()
        task?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            state = .receiving(head, bodyLeft: limits.body)
            deadline = .now() + limits.requestBody
        case (.body(let bytes), .receiving(let head, let bodyLeft)):
            guard bytes.readableBytes <= bodyLeft else { return refuse(413, context: context) }
            state = .receiving(head, bodyLeft: bodyLeft - bytes.readableBytes)
        case (.end, .receiving(let head, _)):
            state = .answering
            deadline = nil
            answer(head, context: context)
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? HTTPParserError, state) {
        case (.headerOverflow, .idle), (.headerOverflow, .receiving): refuse(431, context: context)
        case (.some, .idle), (.some, .receiving): refuse(400, context: context)
        case (_, .closing): break
        default: context.close(promise: nil)
        }
    }

    /// Answers what is no request, and closes: where the next one would begin is not known.
    private func refuse(_ status: Int, context: ChannelHandlerContext) {
        state = .answering
        send(responder.errorPage(status), for: Answer(isHead: false, keepsAlive: false, isHTTP10: false), context: context)
    }

    // MARK: Answering

    /// What of a request matters for sending its answer.
    private struct Answer {
        let isHead: Bool
        let keepsAlive: Bool
        let isHTTP10: Bool
    }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        // A protocol to change to is not offered, and the parser reads nothing behind such a request.
        let keepsAlive = head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
        let answer = Answer(isHead: head.method == .HEAD, keepsAlive: keepsAlive, isHTTP10: head.version == .http1_0)
        guard head.version == .http1_0 || head.version == .http1_1 else {
            return send(responder.errorPage(400), for: answer, context: context)
        }
        let request = SiteRequest(
            method: head.method.rawValue, target: head.uri, hosts: head.headers["host"],
            version: answer.isHTTP10 ? .http10 : .http11, headers: head.headers.map { ($0.name, $0.value) })
        guard let extraRoutes else { return send(responder.respond(to: request), for: answer, context: context) }

        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task { [responder] in
            let reply = await extraRoutes(request) ?? .response(responder.respond(to: request))
            eventLoop.execute {
                let (connection, context) = bound.value
                guard case .answering = connection.state else { return }
                switch reply {
                case .response(let response): connection.send(response, for: answer, context: context)
                case .stream(let head, let pieces): connection.send(head, then: pieces, for: answer, context: context)
                }
            }
        }
    }

    private func send(_ response: SiteResponse, for answer: Answer, context: ChannelHandlerContext) {
        var response = response
        // Small files go out together with their head.
        if !answer.isHead, case .file(let file, let offset, let count) = response.body, count <= ServerLimits.copiedFileSize {
            guard let bytes = file.read(offset: offset, count: count) else {
                return send(responder.errorPage(503), for: answer, context: context)
            }
            response.body = .bytes(bytes)
        }
        deadline = .now() + limits.write
        context.write(wrapOutboundOut(.head(head(of: response, for: answer))), promise: nil)
        switch answer.isHead ? .none : response.body {
        case .none:
            break
        case .bytes(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        case .file(let file, let offset, let count):
            return sendPieces(of: file, range: offset..<(offset + count), for: answer, context: context)
        }
        finish(answer, context: context)
    }

    private func head(of response: SiteResponse, for answer: Answer) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(response.headers.count + 2)
        for field in response.headers { headers.add(name: field.name, value: field.value.text) }
        headers.add(name: "Date", value: Self.clock.text)
        if !answer.keepsAlive {
            headers.add(name: "Connection", value: "close")
        } else if answer.isHTTP10 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    }

    /// Sends a large file piece by piece through sendfile(2), so that a slow reader is told from one that has gone.
    private func sendPieces(of file: OpenFile, range: Range<Int>, for answer: Answer, context: ChannelHandlerContext) {
        // The channel wants a descriptor of its own to keep.
        let descriptor = dup(file.descriptor)
        guard descriptor >= 0 else { return context.close(promise: nil) }
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
        sendNextPiece(of: handle, range: range, for: answer, context: context)
    }

    private func sendNextPiece(of handle: NIOFileHandle, range: Range<Int>, for answer: Answer, context: ChannelHandlerContext) {
        guard !range.isEmpty else {
            try? handle.close()
            return finish(answer, context: context)
        }
        let end = min(range.upperBound, range.lowerBound + ServerLimits.pieceSize)
        let piece = FileRegion(fileHandle: handle, readerIndex: range.lowerBound, endIndex: end)
        deadline = .now() + limits.write
        let bound = NIOLoopBound((connection: self, context: context, handle: handle), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.fileRegion(piece)))).whenComplete { result in
            let (connection, context, handle) = bound.value
            guard case .success = result else {
                try? handle.close()
                return context.close(promise: nil)
            }
            connection.sendNextPiece(of: handle, range: end..<range.upperBound, for: answer, context: context)
        }
    }

    private func send(_ head: SiteResponse, then pieces: AsyncStream<[UInt8]>, for answer: Answer, context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.head(self.head(of: head, for: answer))), promise: nil)
        guard !answer.isHead else { return finish(answer, context: context) }
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task {
            for await piece in pieces {
                let written = eventLoop.flatSubmit {
                    let (connection, context) = bound.value
                    return connection.send(piece: piece, context: context)
                }
                guard (try? await written.get()) != nil else { return }
            }
            eventLoop.execute {
                let (connection, context) = bound.value
                guard case .answering = connection.state else { return }
                connection.finish(answer, context: context)
            }
        }
    }

    private func send(piece: [UInt8], context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        deadline = .now() + limits.write
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: piece)))))
        written.whenSuccess { bound.value.deadline = nil }
        return written
    }

    private func finish(_ answer: Answer, context: ChannelHandlerContext) {
        let bound = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        // Before the end is written: the next request may come in while it is.
        state = answer.keepsAlive ? .idle : .closing
        deadline = .now() + limits.write
        let ended = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        ended.whenComplete { result in
            let (connection, context) = bound.value
            guard case .success = result else { return context.close(promise: nil) }
            switch connection.state {
            case .idle:
                connection.deadline = .now() + connection.limits.idle
            case .closing:
                // Our side first: closing both would throw away an answer that the client has not read yet.
                connection.deadline = .now() + connection.limits.lingering
                context.close(mode: .output, promise: nil)
            case .receiving, .answering:
                break
            }
        }
    }
}
