import Engine
import NIOCore

/// Results on their way to the client, no faster than it takes them.
extension SessionHandler {
    /// Sends a result, or as many of its rows as are asked for.
    ///
    /// Rows are written a piece at a time while the channel takes them; else the rest waits, and neither a thread nor memory
    /// beyond the result itself waits with it.
    /// - Parameters:
    ///   - limit: Rows that are asked for, 0 for all.
    ///   - completion: Gets the cursor behind the rows that were sent.
    func send(
        _ result: StatementResult, cursor: RowCursor?, formats: [ValueFormat], limit: Int = 0,
        then completion: @escaping (RowCursor?) -> Void, onError: @escaping (any Error) -> Void
    ) {
        switch result.content {
        case .empty:
            writer.message("I")
            completion(nil)
        case .done(let tag):
            writer.commandComplete(tag)
            completion(nil)
        case .copy(let source, let target):
            do {
                let style = try CopyLineStyle(target)
                writer.copyOutResponse(columnCount: source.columns.count)
                if target.hasHeader { writer.copyData(style.header(source.columns.map(\.name))[...]) }
                pump(RowCursor(source), last: source.rowCount, source.delivery, { $0.writeLine(style, to: &$1) }, onError) { [self] cursor in
                    writer.message("c")
                    writer.commandComplete("COPY \(cursor.sentCount)")
                    completion(nil)
                }
            } catch {
                onError(error)
            }
        case .rows(let source, let tag):
            let cursor = cursor ?? RowCursor(source)
            let first = cursor.sentCount
            let last = limit == 0 ? source.rowCount : min(source.rowCount, first + limit)
            let formats = formats.isEmpty ? source.columns.map { _ in .text } : formats
            // Rows that a client asks for little by little are each request's own: the time between them is not the statement's.
            pump(cursor, last: last, limit == 0 && first == 0 ? source.delivery : nil, { $0.writeRow(formats, to: &$1) }, onError) { [self] cursor in
                // A portal is suspended if the limit stopped it, also just behind its last row, as in PostgreSQL.
                if limit > 0, cursor.sentCount - first == limit {
                    writer.message("s")
                } else {
                    writer.commandComplete("\(tag) \(cursor.sentCount - first)")
                }
                completion(cursor)
            }
        }
    }

    private func pump(
        _ start: RowCursor, last: Int, _ delivery: ResultDelivery?, _ write: @escaping (inout RowCursor, inout BackendWriter) -> Void,
        _ onError: @escaping (any Error) -> Void, _ completion: @escaping (RowCursor) -> Void
    ) {
        var cursor = start
        // Other sessions share the loop: after a few pieces it is their turn.
        for _ in 0..<4 {
            while cursor.sentCount < last, writer.byteCount < SessionHandler.chunkSize {
                write(&cursor, &writer)
                if let failure = writer.takeFailure() { return onError(failure) }
            }
            if cursor.sentCount >= last { return completion(cursor) }
            if core?.cancellation.isSet ?? true {
                return onError(WireError(.queryCanceled, "canceling statement due to user request"))
            }
            do { try delivery?.checkRunning() } catch { return onError(error) }
            flush()
            guard let channel = context?.channel else { return }
            guard channel.isWritable else {
                let reached = cursor
                resume = { [self] in pump(reached, last: last, delivery, write, onError, completion) }
                return
            }
        }
        guard let loop = context?.eventLoop else { return }
        let reached = cursor
        let next = NIOLoopBound({ [self] in pump(reached, last: last, delivery, write, onError, completion) }, eventLoop: loop)
        loop.execute { next.value() }
    }
}
