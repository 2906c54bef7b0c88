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
    /// Turns texts into the client's encoding; nil where that is UTF-8.
    var converter: TextConverter?
    /// That a text could not be turned: the row it is in was not written.
    private(set) var failure: WireError?

    package init(_ buffer: ByteBuffer) { self.buffer = buffer }

    /// Takes the failure, so that it is told once.
    mutating func takeFailure() -> WireError? {
        defer { failure = nil }
        return failure
    }

    /// One row whose values `body` writes in UTF-8; in the client's encoding, what `isText` says of.
    mutating func row(_ isText: (Int) -> Bool, _ body: (inout ByteBuffer) -> Void) {
        guard let converter else { return message("D", body) }
        var plain = ByteBuffer()
        body(&plain)
        var converted = ByteBuffer()
        let count = plain.readInteger(as: UInt16.self) ?? 0
        converted.writeInteger(count)
        for index in 0..<Int(count) {
            let length = plain.readInteger(as: Int32.self) ?? -1
            guard length >= 0, let bytes = plain.readBytes(length: Int(length)) else {
                converted.writeInteger(Int32(-1))
                continue
            }
            guard let value = isText(index) ? converter.convert(bytes) : bytes else {
                failure = converter.unwritable
                return
            }
            converted.writeInteger(Int32(value.count))
            converted.writeBytes(value)
        }
        message("D") { $0.writeImmutableBuffer(converted) }
    }

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
        let converter = converter
        message("S") {
            $0.writeText(name, converter)
            $0.writeText(value, converter)
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
        let converter = converter
        message("T") {
            $0.writeInteger(UInt16(truncatingIfNeeded: columns.count))
            for (column, format) in zip(columns, formats) {
                $0.writeText(column.name, converter)
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

    package mutating func copyData(_ bytes: ArraySlice<UInt8>) {
        guard let converter else { return message("d") { $0.writeBytes(bytes) } }
        guard let converted = converter.convert(Array(bytes)) else {
            failure = converter.unwritable
            return
        }
        message("d") { $0.writeBytes(converted) }
    }

    package mutating func error(_ error: WireError) { report("E", severity: error.isFatal ? "FATAL" : "ERROR", error) }

    package mutating func notice(_ notice: WireError) { report("N", severity: "WARNING", notice) }

    private mutating func report(_ type: Character, severity: String, _ error: WireError) {
        let converter = converter
        message(type) { buffer in
            func field(_ code: Character, _ text: String) {
                buffer.writeInteger(code.asciiValue ?? 0)
                buffer.writeText(text, converter)
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
    ///
    /// What the client's encoding has not is a question mark: names and messages must arrive, whatever is in them.
    mutating func writeText(_ text: String, _ converter: TextConverter? = nil) {
        let whole = text.utf8.contains(0) ? text.filter { $0 != "\0" } : text
        if let converter {
            for scalar in whole.unicodeScalars { writeBytes(converter.convert(Array(String(scalar).utf8)) ?? [0x3F]) }
        } else {
            writeString(whole)
        }
        writeInteger(UInt8(0))
    }
}
