import Benchmark
import Execution

/// All kernels; the benchmark tool starts this program once for each of them.
let benchmarks: @Sendable () -> Void = {
    ProcessMemory.keepLargeAllocations()
    registerStructureKernels()
    registerFieldKernels()
    registerChunkParsing()
    registerBlockKernels()
    registerEncodings()
    registerFilterKernels()
    registerGroupKernels()
    registerOrderKernels()
}
