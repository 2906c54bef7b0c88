import Engine

extension StatementOutcome {
    /// Whether its rows go to a file: a terminal then shows how far they are.
    ///
    /// - Parameter sink: Where rows go that the statement sends nowhere else; nil for a terminal.
    func goesToFile(_ sink: OutputSink?) -> Bool {
        switch content {
        case .rows: sink?.isFile ?? false
        case .file(let target, _): target.path != nil || sink?.isFile ?? false
        case .done: false
        }
    }
}
