import Fundwatch

/// What the pages show beside the example, so that it compiles.
enum PageSnippets {
    static func pinning(_ store: FundStore) throws -> ([InstitutionFigure], [RankedPlace]) {
        let now = try store.pinned()
        let figures = try now.figures(of: "visit_frequency")
        let places = try now.rank()
        return (figures, places)
    }

    static func asynchronously(_ store: FundStore) async throws -> QueryAnswer {
        let answer = try await store.background { store, cancellation in
            try store.query("select count(*) from live_claims", cancellation: cancellation)
        }
        return answer
    }

    static func errors(_ store: FundStore) {
        do {
            _ = try store.query("select amout from live_claims")
        } catch {
            print(error.kind, error.message, error.mend ?? "")
            print(error.explanation)
        }
    }

    static func ranking(_ store: FundStore) throws {
        for place in try store.rank().prefix(10) {
            print(place.rank, place.institutionID, place.grade, place.reasons.first?.indicatorID ?? "")
        }
    }
}
