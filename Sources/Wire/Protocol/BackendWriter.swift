package import NIOCore

/// One column as `RowDescription` tells it.
package struct WireColumn: Hashable, Sendable {
    package var name: String
    package var type: WireType

    package init(name: String, type: WireType) {
        self.name = name
        self.type = type
    }
}

/// Whether a session is inside a transaction block.
package enum TransactionStatus: UInt8, Sendable {
    case idle = 0x49
    case open = 0x54
    case failed = 0x45
}

/// Gathers messages to a client.
///
/// Source: PostgreSQL 15, chapter 55, "Message Formats".
package struct BackendWriter {
    package private(set) var buffer: ByteBuffer

    package init(_ buffer: ByteBuffer) { self.buffer = buffer }

    package var byteCount: Int { buffer.readableBytes }

    /// One message: the type byte, the length, and what `body` writes.
    package mutating func message(_ type: Character, _ body: (inout ByteBuffer) -> Void = { _ in }) {
        buffer.writeInteger(type.asciiValue ?? 0)
        let start = buffer.writerIndex
        buffer.writeInteger(Int32(0))
        body(&buffer)
        buffer.setInteger(Int32(buffer.writerIndex - start), at: start)
    }

    package mutating func authenticationOK() { message("R") { $0.writeInteger(Int32(0)) } }

    /// `R` with a code and the bytes that go with it.
    package mutating func authentication(code: Int32, _ bytes: [UInt8]) {
        message("R") {
            $0.writeInteger(code)
            $0.writeBytes(bytes)
        }
    }

    package mutating func parameterStatus(_ name: String, _ value: String) {
        message("S") {
            $0.writeText(name)
            $0.writeText(value)
        }
    }

    package mutating func backendKey(processID: Int32, secret: Int32) {
        message("K") {
            $0.writeInteger(processID)
            $0.writeInteger(secret)
        }
    }

    package mutating func negotiateVersion(minor: Int32, unknownOptions: [String]) {
        message("v") {
            $0.writeInteger(minor)
            $0.writeInteger(Int32(unknownOptions.count))
            for name in unknownOptions { $0.writeText(name) }
        }
    }

    package mutating func readyForQuery(_ status: TransactionStatus) { message("Z") { $0.writeInteger(status.rawValue) } }

    package mutating func commandComplete(_ tag: String) { message("C") { $0.writeText(tag) } }

    package mutating func parameterDescription(_ types: [UInt32]) {
        message("t") {
            $0.writeInteger(UInt16(truncatingIfNeeded: types.count))
            for type in types { $0.writeInteger(type) }
        }
    }

    /// - Parameter formats: one for each column.
    package mutating func rowDescription(_ columns: [WireColumn], formats: [ValueFormat]) {
        message("T") {
            $0.writeInteger(UInt16(truncatingIfNeeded: columns.count))
            for (column, format) in zip(columns, formats) {
                $0.writeText(column.name)
                // Neither the table nor the column's number in it is told: a value is not changed through a result.
                $0.writeInteger(Int32(0))
                $0.writeInteger(Int16(0))
                $0.writeInteger(column.type.oid)
                $0.writeInteger(column.type.size)
                $0.writeInteger(column.type.modifier)
                $0.writeInteger(format.rawValue)
            }
        }
    }

    package mutating func copyOutResponse(columnCount: Int) {
        message("H") {
            $0.writeInteger(Int8(0))
            $0.writeInteger(UInt16(truncatingIfNeeded: columnCount))
            for _ in 0..<columnCount { $0.writeInteger(Int16(0)) }
        }
    }

    package mutating func copyData(_ bytes: ArraySlice<UInt8>) { message("d") { $0.writeBytes(bytes) } }

    package mutating func error(_ error: WireError) { report("E", severity: error.isFatal ? "FATAL" : "ERROR", error) }

    package mutating func notice(_ notice: WireError) { report("N", severity: "WARNING", notice) }

    private mutating func report(_ type: Character, severity: String, _ error: WireError) {
        message(type) { buffer in
            func field(_ code: Character, _ text: String) {
                buffer.writeInteger(code.asciiValue ?? 0)
                buffer.writeText(text)
            }
            field("S", severity)
            field("V", severity)
            field("C", error.state.rawValue)
            field("M", error.message)
            if let hint = error.hint { field("H", hint) }
            if let position = error.position { field("P", String(position)) }
            buffer.writeInteger(UInt8(0))
        }
    }
}

extension ByteBuffer {
    /// A text and the zero byte that ends it; zero bytes inside would end it early and are left out.
    mutating func writeText(_ text: String) {
        writeString(text.utf8.contains(0) ? text.filter { $0 != "\0" } : text)
        writeInteger(UInt8(0))
    }
}
