import Execution

/// Settings of a process that does nothing but run the engine.
package enum EngineProcess {
    /// Call once, at the start of the program.
    package static func tune() { ProcessMemory.keepLargeAllocations() }

    /// The variant of the block kernels that this processor runs: `AVX-512`, `AVX2` or `portable`.
    package static var kernelLevel: String { ProcessorKernels.level }
}
