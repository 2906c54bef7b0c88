/// A page of a column chunk, by its place in the chunk's bytes.
struct DataPage {
    var header: PageHeader
    /// The packed bytes.
    var range: Range<Int>
    /// 0-based among the data pages.
    var number: Int
    /// Its rows among those of the row group.
    var rows: Range<Int>

    /// The same page where the chunk's bytes begin further on.
    func moved(back distance: Int) -> DataPage {
        var page = self
        page.range = range.lowerBound - distance..<range.upperBound - distance
        return page
    }
}
