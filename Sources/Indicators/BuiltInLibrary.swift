/// The embedded files of `Library/`, in the order of the contract's table, which is also the order of scoring.
enum BuiltInLibrary {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("prescription_size.sql", PackageResources.prescription_size_sql),
        ("visit_frequency.sql", PackageResources.visit_frequency_sql),
        ("male_gynecology.sql", PackageResources.male_gynecology_sql),
    ]
}
