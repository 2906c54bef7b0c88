/// Items the knowledge base says something of.
enum SpecialItems {
    static let bed = service(1, "普通病房床位费", yuan: 40, perDay: 1)
    static let nursing = service(2, "Ⅱ级护理", yuan: 24, perDay: 1)

    static let limited: [Item] = [
        service(11, "血细胞分析(五分类)", yuan: 20, perDay: 2), service(12, "葡萄糖测定(血糖仪法)", yuan: 6, perDay: 8),
        service(13, "常规心电图检查", yuan: 25, perDay: 2), service(14, "静脉输液", yuan: 12, perDay: 2),
        service(15, "普通针刺", yuan: 30, perDay: 1), service(16, "肌内注射", yuan: 4, perDay: 4),
    ]

    static let femaleOnly: [Item] = [
        service(21, "妇科检查", yuan: 10, sex: .female), service(22, "经阴道彩色多普勒超声", yuan: 120, sex: .female),
        service(23, "宫颈液基细胞学检查", yuan: 150, sex: .female), service(24, "胎心监测", yuan: 15, sex: .female),
        drug(31, "黄体酮软胶囊 0.1g×6粒", yuan: 24, sex: .female), drug(32, "保妇康栓 1.74g×8枚", yuan: 32, sex: .female),
    ]

    static let maleOnly: [Item] = [
        service(41, "前列腺按摩", yuan: 25, sex: .male), service(42, "前列腺液检查", yuan: 18, sex: .male),
        drug(51, "非那雄胺片 5mg×10片", yuan: 28, sex: .male), drug(52, "前列舒通胶囊 0.4g×36粒", yuan: 36, sex: .male),
    ]

    static let childOnly: [Item] = [
        drug(61, "小儿氨酚黄那敏颗粒 6g×10袋", yuan: 12, maximumAge: 14), drug(62, "小儿肺热咳喘口服液 10ml×6支", yuan: 26, maximumAge: 14),
        drug(63, "小儿豉翘清热颗粒 2g×6袋", yuan: 29, maximumAge: 14), drug(64, "布洛芬混悬滴剂 15ml", yuan: 18, maximumAge: 14),
    ]

    static let adultOnly: [Item] = [
        drug(71, "左氧氟沙星片 0.5g×4片", yuan: 18, minimumAge: 18), drug(72, "盐酸莫西沙星片 0.4g×3片", yuan: 38, minimumAge: 18),
        drug(73, "阿司匹林肠溶片 100mg×30片", yuan: 14, minimumAge: 18),
    ]

    /// Service codes have 15 digits and start with 00.
    private static func service(_ number: Int, _ name: String, yuan: Int64, sex: Sex? = nil, perDay: Int? = nil) -> Item
    {
        Item(
            code: "0011" + InstitutionPopulation.padded(number, width: 5) + "000000", name: name, category: .service,
            basePrice: yuan * 1_000_000, sex: sex, maximumPerDay: perDay)
    }

    private static func drug(
        _ number: Int, _ name: String, yuan: Int64, sex: Sex? = nil, maximumAge: Int? = nil, minimumAge: Int? = nil
    ) -> Item {
        Item(
            code: "XG03DAH" + InstitutionPopulation.padded(number, width: 3) + "A001010100001", name: name,
            category: .drug,
            basePrice: yuan * 1_000_000 + 350_000, sex: sex, maximumAgeYears: maximumAge, minimumAgeYears: minimumAge)
    }
}
