import Columns
import Diagnostics
import Synchronization

extension StoreTransaction {
    /// Texts of more bytes stay in the files they are in.
    private static let maximumMergedSize = 1 << 28

    /// Writes the dictionaries of a table that came in several files anew as one each. Every entry keeps its code.
    ///
    /// - Returns: How many columns were merged.
    func mergeDictionaries(of table: TableSnapshot) throws(StorageError) -> Int {
        var mergedCount = 0
        for (column, record) in table.record.columns.enumerated() {
            guard let text = record.text, text.dictionaries.count > 1 else { continue }
            let entries = try DictionaryFile.loadEntries(text, folder: folder)
            guard entries.bytes.count <= StoreTransaction.maximumMergedSize else { continue }
            let number = try withTable(table.name) { (draft) throws(StorageError) in draft.number }
            let merged = try writeDictionary(entries, firstEntry: 0, column: (column, record.field.name), tableNumber: number)
            try withTable(table.name) { (draft) throws(StorageError) in
                draft.record.columns[column].text?.dictionaries = [merged]
            }
            mergedCount += 1
        }
        return mergedCount
    }
}
