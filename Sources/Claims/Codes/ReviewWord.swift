/// What a review of a lead found, in the words offices use.
enum ReviewWord {
    /// `confirmed`, `rejected` or `pending`; nil for a word that says none of them.
    ///
    /// - Parameter word: In lower case.
    static func canonical(_ word: String) -> String? {
        switch word {
        case "confirmed", "confirm", "true", "yes", "y", "1", "属实", "确认", "查实", "违规", "是": "confirmed"
        case "rejected", "dismissed", "explained", "false", "no", "n", "0", "不属实", "排除", "误报", "合规", "否": "rejected"
        case "pending", "open", "待核查", "核查中", "未核查": "pending"
        default: nil
        }
    }
}
