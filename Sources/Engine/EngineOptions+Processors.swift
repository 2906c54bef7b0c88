import Glibc

extension EngineOptions {
    /// Processors this process may use, at least 1.
    package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
