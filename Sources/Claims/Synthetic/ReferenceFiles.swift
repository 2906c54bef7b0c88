/// The small files beside the claims: institutions, knowledge, deaths, and what was planted.
struct ReferenceFiles {
    let world: SyntheticWorld
    let directory: String

    /// Writes them all and returns their names and bytes.
    func write(truth: [(institution: Int, anomaly: Anomaly)]) throws(GeneratorError) -> [(name: String, bytes: Int)] {
        try [
            write("institutions.csv", institutionRows()), write("knowledge.csv", knowledgeRows()),
            write("deaths.csv", deathRows()), write("truth.csv", truthRows(truth)),
        ]
    }

    private func write(_ name: String, _ text: String) throws(GeneratorError) -> (name: String, bytes: Int) {
        try OutputFile(path: directory + "/" + name).write(text)
        return (name, text.utf8.count)
    }

    private func institutionRows() -> String {
        var text = CSVField.row(CanonicalTable.institutions.columns.map(\.name))
        for institution in world.institutions where !institution.isUnlisted {
            text += CSVField.row([
                institution.id, institution.name, world.population.regionCodes[institution.region],
                institution.institutionClass.level, institution.institutionClass.kind,
                institution.beds.map { String($0) } ?? "", institution.contractStart, "2026-12-31",
            ])
        }
        return text
    }

    private func knowledgeRows() -> String {
        var text = CSVField.row(CanonicalTable.knowledge.columns.map(\.name))
        var count = 0
        func append(_ item: Item, _ attribute: String, _ value: String, _ basis: String) {
            count += 1
            text += CSVField.row([
                "K\(InstitutionPopulation.padded(count, width: 5))", item.code, item.name, attribute, value, "", "",
                item.category == .drug ? "suspicious" : "violation", basis, "2024-01-01",
                count % 5 == 0 ? "2026-12-31" : "",
                "SYN-2025-\(count % 3 + 1)",
            ])
        }
        for item in world.catalogue.items {
            if let sex = item.sex { append(item, "sex", sex == .male ? "male" : "female", "限定性别,项目内涵") }
            if let age = item.maximumAgeYears { append(item, "max_age_years", String(age), "限儿童,说明书") }
            if let age = item.minimumAgeYears { append(item, "min_age_years", String(age), "未成年人禁用,说明书") }
            if let limit = item.maximumPerDay { append(item, "max_per_day", String(limit), "限定频次,价格项目规范") }
        }
        return text
    }

    private func deathRows() -> String {
        var text = CSVField.row(CanonicalTable.deaths.columns.map(\.name))
        let patients = world.patients
        for region in 0..<patients.regionCount {
            for index in stride(from: 5, to: patients.patientsPerRegion, by: PatientPopulation.deathInterval) {
                let patient = patients.patient(region: region, index: index)
                guard let day = patient.deathDay, day > patient.birthDay else { continue }
                let number = InstitutionPopulation.padded(Int(PatientPopulation.number(index: index)), width: 14)
                text += "\(world.population.regionCodes[region])\(number),\(CalendarText.date(day))\n"
            }
        }
        return text
    }

    private func truthRows(_ truth: [(institution: Int, anomaly: Anomaly)]) -> String {
        let rows = truth.map { [world.institutions[$0.institution].id, $0.anomaly.rawValue] }
        return CSVField.row(["institution_id", "anomaly"]) + rows.map(CSVField.row).sorted().joined()
    }
}
