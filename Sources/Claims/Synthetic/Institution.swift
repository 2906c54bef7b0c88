/// A synthetic institution.
struct Institution {
    var id: String
    var name: String
    var region: Int
    var institutionClass: InstitutionClass
    var beds: Int?
    var contractStart: String
    /// Claims the year is likely to bring.
    var expectedClaims: Int
    /// Doctors in each department; a doctor's number is below it.
    var doctorsPerDepartment: [Int]
    /// Prices here against the item's, per mille.
    var priceLevel: Int
    /// First index of the patients who live around it.
    var catchmentStart: Int
    var catchmentCount: Int
    /// Whether it is missing from the institution file, as some always are.
    var isUnlisted: Bool
}

/// All institutions, their volumes, and which of them do what.
struct InstitutionPopulation {
    var institutions: [Institution]
    let choice: WeightedChoice
    let planted: [(institution: Int, anomaly: Anomaly)]
    let regionCodes: [String]
    /// Members by ``InstitutionClass`` raw value.
    let members: [[Int]]

    static func count(forLines lines: Int) -> Int { min(4000, max(60, lines / 6000)) }

    /// Region codes start with 97, which no province has.
    static func regionCodes(institutionCount: Int) -> [String] {
        (0..<min(24, max(3, institutionCount / 50))).map { region in
            let code = 970_101 + (region / 6) * 100 + region % 6
            return String(code)
        }
    }

    init(lines: Int, claims: Int, patientsPerRegion: Int, random: inout RandomSource) {
        let count = Self.count(forLines: lines)
        let codes = Self.regionCodes(institutionCount: count)
        let counts = InstitutionClass.counts(of: count)
        var classes: [InstitutionClass] = []
        for institutionClass in InstitutionClass.allCases {
            classes += Array(repeating: institutionClass, count: counts[institutionClass.rawValue])
        }
        var members = Array(repeating: [Int](), count: counts.count)
        for (index, institutionClass) in classes.enumerated() { members[institutionClass.rawValue].append(index) }
        let shuffled = members.map { Self.shuffled($0, &random) }
        let planted = Self.plant(members: shuffled, institutionCount: count)
        let weights = Self.weights(members: shuffled, planted: Set(planted.map(\.institution)), count: classes.count)
        let totalWeight = weights.reduce(0, +)
        let plantedSet = Set(planted.map(\.institution))
        institutions = classes.indices.map { index in
            let region = index % codes.count
            let expected = Int(Int128(claims) * Int128(weights[index]) / Int128(totalWeight))
            return Self.institution(
                index: index, institutionClass: classes[index], region: region, regionCode: codes[region],
                expectedClaims: expected, patientsPerRegion: patientsPerRegion,
                isUnlisted: !plantedSet.contains(index) && classes[index] != .tertiaryHospital && index % 50 == 37,
                random: &random)
        }
        choice = WeightedChoice(weights: weights)
        self.planted = planted
        self.members = members
        regionCodes = codes
    }

    private static func shuffled(_ values: [Int], _ random: inout RandomSource) -> [Int] {
        var values = values
        for place in values.indices.dropFirst().reversed() { values.swapAt(place, random.below(place + 1)) }
        return values
    }

    /// Each anomaly gets institutions of its own, from the end of the shuffled members.
    private static func plant(members: [[Int]], institutionCount: Int) -> [(institution: Int, anomaly: Anomaly)] {
        // About one institution in seven or eight, as long as there are not thousands.
        let each = institutionCount < 120 ? 1 : institutionCount < 1000 ? 2 : min(12, 2 + institutionCount / 200)
        var free = members
        var planted: [(institution: Int, anomaly: Anomaly)] = []
        for turn in 0..<each {
            for anomaly in Anomaly.allCases {
                let classes = anomaly.institutionClasses
                let institutionClass = classes[turn % classes.count].rawValue
                guard free[institutionClass].count > 1, let institution = free[institutionClass].popLast() else {
                    continue
                }
                planted.append((institution, anomaly))
            }
        }
        return planted
    }

    /// Volumes fall off within a class; a planted institution has somewhat more than the mean of its class.
    private static func weights(members: [[Int]], planted: Set<Int>, count: Int) -> [Int] {
        var weights = Array(repeating: 0, count: count)
        for institutionClass in InstitutionClass.allCases {
            let own = members[institutionClass.rawValue]
            let scale = 10_000_000_000 * institutionClass.claimShare / 100
            let falling = own.indices.map { 1_000_000 / ($0 + 4) }
            let sum = falling.reduce(0, +)
            for (rank, institution) in own.enumerated() {
                let usual = planted.contains(institution) ? sum * 125 / 100 / own.count : falling[rank]
                weights[institution] = max(1, Int(Int128(scale) * Int128(usual) / Int128(sum)) / 1000)
            }
        }
        return weights
    }

    private static func institution(
        index: Int, institutionClass: InstitutionClass, region: Int, regionCode: String, expectedClaims: Int,
        patientsPerRegion: Int, isUnlisted: Bool, random: inout RandomSource
    ) -> Institution {
        let letter = institutionClass == .pharmacy ? "P" : "H"
        let departmentWeights = Department.all.map { $0.weights[institutionClass.rawValue] }
        let weightSum = max(1, departmentWeights.reduce(0, +))
        let catchment = min(patientsPerRegion, max(60, expectedClaims / 3))
        return Institution(
            id: letter + regionCode + padded(index + 1, width: 5),
            name: InstitutionNames.name(index: index, region: region, institutionClass: institutionClass),
            region: region, institutionClass: institutionClass,
            beds: beds(institutionClass, &random), contractStart: "20\(random.within(17...24))-01-01",
            expectedClaims: expectedClaims,
            doctorsPerDepartment: departmentWeights.map { min(400, max(2, expectedClaims * $0 / weightSum / 900)) },
            priceLevel: random.within(960...1040), catchmentStart: random.below(patientsPerRegion),
            catchmentCount: catchment, isUnlisted: isUnlisted)
    }

    private static func beds(_ institutionClass: InstitutionClass, _ random: inout RandomSource) -> Int? {
        switch institutionClass {
        case .tertiaryHospital: random.within(50...200) * 10
        case .secondaryHospital: random.within(10...50) * 10
        case .primaryHospital: random.within(2...9) * 10
        case .clinic, .pharmacy: nil
        }
    }

    static func padded(_ value: Int, width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Names no real institution bears, some with the commas and quotes that real files have.
enum InstitutionNames {
    private static let cities = ["云溪", "临渚", "青岚", "望湖", "石浦", "南屏", "白鹭洲", "鹤鸣", "松涧", "澜江", "沙岭", "桐原"]
    private static let words = ["仁和", "康宁", "博爱", "惠民", "同心", "瑞安", "明德", "春晖", "百草", "长青", "益寿", "安泰", "广济"]
    private static let ordinals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]

    static func name(index: Int, region: Int, institutionClass: InstitutionClass) -> String {
        let city = cities[region % cities.count]
        let word = words[index % words.count]
        let number = index / words.count + 1
        switch institutionClass {
        case .tertiaryHospital:
            return index % 5 == 4
                ? "\(city)市中心医院,\(word)院区(\(number)部)" : "\(city)市第\(ordinals[index % 10])人民医院(\(word)\(number)院区)"
        case .secondaryHospital:
            return index % 7 == 3 ? "\(city)\"\(word)\"医院\(number)部" : "\(city)县\(word)医院(\(number))"
        case .primaryHospital: return "\(city)\(word)镇第\(number)卫生院"
        case .clinic: return index % 9 == 5 ? "\(city)\"\(word)\"中医诊所,\(number)号店" : "\(city)\(word)诊所\(number)"
        case .pharmacy: return "\(city)\(word)大药房(第\(number)分店)"
        }
    }
}
