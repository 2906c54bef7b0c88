/// Bytes of one whole message → the message.
package enum FrontendParser {
    /// Reads the body of a message, its type byte and length aside.
    ///
    /// - Parameter converter: Turns the client's texts into UTF-8; nil where they are.
    /// - Throws: `08P01`, and the session ends, for bytes that do not fit the type.
    package static func message(type: UInt8, body: [UInt8], converter: TextConverter? = nil) throws -> FrontendMessage {
        var reader = MessageReader(body, converter: converter)
        let message = try read(type, &reader, body)
        try reader.finish()
        return message
    }

    private static func read(_ type: UInt8, _ reader: inout MessageReader, _ body: [UInt8]) throws -> FrontendMessage {
        switch type {
        case UInt8(ascii: "Q"): return .query(try reader.string())
        case UInt8(ascii: "P"):
            let (name, query) = (try reader.string(), try reader.string())
            var types: [UInt32] = []
            for _ in 0..<(try reader.count(ofItemsOfSize: 4)) { types.append(UInt32(bitPattern: try reader.int32())) }
            return .parse(name: name, query: query, parameterTypes: types)
        case UInt8(ascii: "B"): return try bind(&reader)
        case UInt8(ascii: "D"): return try target(&reader, FrontendMessage.describeStatement, FrontendMessage.describePortal)
        case UInt8(ascii: "C"): return try target(&reader, FrontendMessage.closeStatement, FrontendMessage.closePortal)
        case UInt8(ascii: "E"):
            let name = try reader.string()
            return .execute(portal: name, rowLimit: max(0, Int(try reader.int32())))
        case UInt8(ascii: "H"): return .flush
        case UInt8(ascii: "S"): return .sync
        case UInt8(ascii: "X"): return .terminate
        case UInt8(ascii: "p"): return .authentication(try reader.bytes(count: reader.remaining))
        case UInt8(ascii: "d"), UInt8(ascii: "c"), UInt8(ascii: "f"):
            _ = try reader.bytes(count: reader.remaining)
            return .copyRemainder
        case UInt8(ascii: "F"):
            throw WireError(.notSupported, "the function call protocol is not supported", isFatal: true)
        default:
            throw WireError(.protocolViolation, "invalid frontend message type \(type)", isFatal: true)
        }
    }

    private static func bind(_ reader: inout MessageReader) throws -> FrontendMessage {
        let (portal, statement) = (try reader.string(), try reader.string())
        let formats = try self.formats(&reader)
        var values: [[UInt8]?] = []
        for _ in 0..<(try reader.count(ofItemsOfSize: 4)) {
            let length = try reader.int32()
            guard length >= -1 else { throw MessageReader.truncated }
            values.append(length == -1 ? nil : try reader.bytes(count: Int(length)))
        }
        if reader.converter != nil {
            // A wrong number of formats is told when it is bound.
            let chosen = try? ValueFormat.choose(formats, count: values.count)
            for index in values.indices where chosen?[index] == .text { values[index] = try values[index].map { try reader.unified($0) } }
        }
        return .bind(
            portal: portal, statement: statement, formats: formats, values: values, resultFormats: try self.formats(&reader))
    }

    private static func formats(_ reader: inout MessageReader) throws -> [ValueFormat] {
        var formats: [ValueFormat] = []
        for _ in 0..<(try reader.count(ofItemsOfSize: 2)) {
            let code = try reader.int16()
            guard let format = ValueFormat(rawValue: code) else {
                throw WireError(.protocolViolation, "unsupported format code: \(code)")
            }
            formats.append(format)
        }
        return formats
    }

    private static func target(
        _ reader: inout MessageReader, _ statement: (String) -> FrontendMessage, _ portal: (String) -> FrontendMessage
    ) throws -> FrontendMessage {
        let kind = try reader.byte()
        let name = try reader.string()
        switch kind {
        case UInt8(ascii: "S"): return statement(name)
        case UInt8(ascii: "P"): return portal(name)
        default: throw WireError(.protocolViolation, "a message is about \(kind), not a statement or portal", isFatal: true)
        }
    }

    private static let tlsCode: UInt32 = 80_877_103
    private static let gssCode: UInt32 = 80_877_104
    private static let cancelCode: UInt32 = 80_877_102

    /// Reads the first packet, its length aside.
    package static func startup(body: [UInt8]) throws -> StartupMessage {
        var reader = MessageReader(body)
        let version = UInt32(bitPattern: try reader.int32())
        switch version {
        case tlsCode: return .requestTLS
        case gssCode: return .requestGSS
        case cancelCode:
            let (processID, secret) = (try reader.int32(), try reader.int32())
            return .cancel(processID: processID, secret: secret)
        default: break
        }
        guard version >> 16 == 3 else {
            throw WireError(
                .notSupported, "unsupported frontend protocol \(version >> 16).\(version & 0xFFFF): server supports 3.0",
                isFatal: true)
        }
        var parameters: [String: String] = [:]
        while true {
            let name = try reader.string()
            if name.isEmpty { break }
            parameters[name] = try reader.string()
            guard parameters.count <= 64 else { throw WireError(.protocolViolation, "too many startup options", isFatal: true) }
        }
        try reader.finish()
        return .start(version: version, parameters: parameters)
    }
}
