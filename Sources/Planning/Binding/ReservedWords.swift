import SQL

/// Words of the grammar that are no names unless they are quoted.
package enum ReservedWords {
    package static func contains(_ word: String) -> Bool { Identifier.keywords.contains(word) }
}
