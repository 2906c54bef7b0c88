/// A page of a column chunk, by its place in the chunk's bytes.
struct DataPage {
    var header: PageHeader
    /// The packed bytes.
    var range: Range<Int>
    /// 0-based among the data pages.
    var number: Int
}
