/// What a transaction block leaves of settings: a rollback takes them all back, a commit those that were set for the block alone.
struct SettingsBlock: Sendable {
    /// Each change between savepoints is a copy of all settings.
    private static let changeLimit = 1000

    /// As they were when the block began.
    let before: SettingValues
    /// As a commit leaves them.
    var lasting: SettingValues
    /// As they were in force at a savepoint.
    var current: SettingValues
    private var changeCount = 0

    init(_ values: SettingValues) {
        before = values
        lasting = values
        current = values
    }

    /// - Throws: `54000` for more changes than savepoints can remember.
    mutating func countChange(savepointCount: Int) throws {
        guard savepointCount > 0 else { return }
        changeCount += 1
        guard changeCount <= SettingsBlock.changeLimit else {
            throw WireError(.limitExceeded, "a block with savepoints has \(SettingsBlock.changeLimit) changes of settings at most")
        }
    }
}
