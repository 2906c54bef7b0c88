import CKernels

/// Which variant of the block kernels this processor runs.
package enum ProcessorKernels {
    /// `AVX-512`, `AVX2` or `portable`.
    package static var level: String {
        switch ck_level() {
        case CK_LEVEL_AVX512: "AVX-512"
        case CK_LEVEL_AVX2: "AVX2"
        default: "portable"
        }
    }
}
