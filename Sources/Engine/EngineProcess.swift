import Execution

/// Settings of a process that does nothing but run the engine.
package enum EngineProcess {
    /// Call once, at the start of the program.
    package static func tune() { ProcessMemory.keepLargeAllocations() }
}
