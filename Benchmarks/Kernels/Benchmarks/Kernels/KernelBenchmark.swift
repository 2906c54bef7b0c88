import Benchmark
import CKernels

/// What a kernel takes for each value, in picoseconds: the tool counts in whole numbers.
let cost = BenchmarkMetric.custom("ps a value", polarity: .prefersSmaller, useScalingFactor: false)

/// What a kernel works on, kept from one run to the next so that its buffers are not made anew.
private final class Prepared<Input> {
    var input: Input
    init(_ input: Input) { self.input = input }
}

/// Registers a kernel that is timed over and over on the same input.
///
/// - Parameters:
///   - name: Unique; the part before the first comma says what it belongs to.
///   - values: How many values one run handles.
///   - prepare: Makes the input; not timed.
///   - run: The kernel. What it returns is kept out of the optimiser's reach, and freed within the time measured, as the engine does.
func kernel<Input, Output>(
    _ name: String, values: Int = Segment.rowCount, prepare: @escaping () throws -> Input,
    run: @escaping (inout Input) throws -> Output
) {
    let configuration = Benchmark.Configuration(
        metrics: [cost], units: [cost: .count], warmupIterations: 5, maxDuration: .milliseconds(400))
    Benchmark(name, configuration: configuration) { (benchmark: Benchmark, prepared: Prepared<Input>) in
        let clock = ContinuousClock()
        let elapsed = try clock.measure { blackHole(try run(&prepared.input)) }
        let (seconds, attoseconds) = elapsed.components
        benchmark.measurement(cost, Int((seconds * 1_000_000_000_000 + attoseconds / 1_000_000) / Int64(values)))
    } setup: {
        Prepared(try prepare())
    }
}

/// The variants of a C kernel that this processor runs.
let levels: [(level: Int32, name: String)] = [
    (CK_LEVEL_PORTABLE, "portable"), (CK_LEVEL_AVX2, "AVX2"), (CK_LEVEL_AVX512, "AVX-512"),
].filter { $0.level <= ck_best_level() }
