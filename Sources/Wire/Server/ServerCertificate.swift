import Diagnostics
import NIOSSL

/// The certificate a server shows.
enum ServerCertificate {
    static func context(certificate: String, key: String) throws -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            guard !chain.isEmpty else { throw failure(certificate, "there is no certificate in the file") }
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(privateKey))
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch let error as Diagnostic {
            throw error
        } catch {
            throw failure(certificate, "the certificate and the key \(key) cannot be used")
        }
    }

    private static func failure(_ file: String, _ message: String) -> Diagnostic {
        Diagnostic(
            .configuration, message, at: SourceLocation(file: file),
            mend: "name PEM files that belong together with --tls-cert and --tls-key")
    }
}
