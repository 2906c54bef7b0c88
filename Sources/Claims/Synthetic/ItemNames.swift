/// Ordinary items: codes of the national form, Chinese names, prices as varied as real ones.
enum ItemNames {
    private static let substances = [
        "阿莫西林", "头孢克肟", "氨氯地平", "缬沙坦", "二甲双胍", "阿托伐他汀", "奥美拉唑", "硝苯地平", "格列美脲", "氯吡格雷", "美托洛尔", "厄贝沙坦",
        "蒙脱石", "布洛芬", "甲钴胺", "氯雷他定", "孟鲁司特", "多潘立酮", "瑞舒伐他汀", "阿卡波糖", "培哚普利", "比索洛尔", "双氯芬酸", "碳酸钙",
        "复方丹参", "连花清瘟", "银杏叶", "板蓝根", "稳心", "六味地黄", "血塞通", "藿香正气", "通心络", "参松养心", "逍遥", "归脾", "安宫",
    ]
    private static let forms = ["片", "胶囊", "缓释片", "分散片", "颗粒", "口服液", "注射液", "滴丸"]
    private static let strengths = [
        "5mg×14", "10mg×7", "0.25g×24", "0.5g×20", "20mg×28", "100ml", "10ml×6", "2ml×5", "40mg×7", "0.1g×30",
    ]
    private static let slices = ["黄芪", "当归", "白术", "茯苓", "甘草", "党参", "川芎", "白芍", "陈皮", "半夏", "丹参", "柴胡"]
    private static let examinations = [
        "肝功能测定", "肾功能测定", "血脂测定", "凝血功能检查", "尿液分析", "胸部数字化摄影", "腹部彩色多普勒超声", "颅脑平扫", "腰椎磁共振平扫", "胃镜检查",
        "肺功能检查", "动态血压监测", "糖化血红蛋白测定", "甲状腺功能测定", "电解质测定", "穴位贴敷", "中频脉冲电治疗", "雾化吸入", "换药", "清创缝合",
    ]
    private static let materials = [
        "一次性使用输液器", "留置针", "医用敷料", "导尿管", "吻合器", "可吸收缝合线", "血糖试纸", "骨科锁定钉", "中心静脉导管", "止血纱布",
    ]

    static func drug(_ number: Int, _ random: inout RandomSource) -> Item {
        let isSelfPaid = random.chance(perMille: 50)
        if number % 11 == 10 {
            return Item(
                code: "T00" + InstitutionPopulation.padded(number * 37 % 10_000, width: 4)
                    + InstitutionPopulation.padded(number, width: 4),
                name: slices[number / 11 % slices.count] + "饮片" + (number < 132 ? "" : "(\(number / 132)等)"),
                category: .drug,
                basePrice: Int64(random.within(300...1800)) * 100, isSlice: true, isSelfPaid: isSelfPaid)
        }
        let substance = number % substances.count
        let isPatent = substance >= 24
        let form = forms[(number / substances.count + substance) % forms.count]
        let strength = strengths[(number / 5 + substance) % strengths.count]
        let separator = number % 40 == 7 ? "," : " "
        let letter = ["A", "B", "C", "J", "M", "N", "R"][substance % 7]
        let group = InstitutionPopulation.padded(substance % 16 + 1, width: 2)
        let serial = InstitutionPopulation.padded(number, width: 6)
        // A western drug's code has 23 characters, a patent medicine's 20.
        let code =
            isPatent ? "Z\(letter)\(group)AA\(group)\(serial)010166" : "X\(letter)\(group)BAA\(group)\(serial)A001010"
        let spread = number < 132 ? "" : "(\(number / 132)厂)"
        return Item(
            code: code, name: substances[substance] + form + separator + strength + spread, category: .drug,
            basePrice: price(from: 900, doublings: 2, &random), isSelfPaid: isSelfPaid)
    }

    static func service(_ number: Int, _ random: inout RandomSource) -> Item {
        let round = number / examinations.count
        return Item(
            code: "0012" + InstitutionPopulation.padded(number * 7 + 3, width: 5)
                + InstitutionPopulation.padded(number, width: 6),
            name: examinations[number % examinations.count] + (round == 0 ? "" : "(\(round + 1)项)"), category: .service,
            basePrice: price(from: 500, doublings: 5, &random), isSelfPaid: random.chance(perMille: 40))
    }

    static func consumable(_ number: Int, _ random: inout RandomSource) -> Item {
        let round = number / materials.count
        return Item(
            code: "C0201" + InstitutionPopulation.padded(number, width: 5) + "0010000000001"
                + InstitutionPopulation.padded(number % 97, width: 2) + "01",
            name: materials[number % materials.count] + (round == 0 ? "" : "\(round + 1)型"), category: .consumable,
            basePrice: price(from: 400, doublings: 8, &random), isSelfPaid: random.chance(perMille: 120))
    }

    /// A price in whole cents, evenly spread over so many doublings of the lowest.
    private static func price(from lowestCents: Int, doublings: Int, _ random: inout RandomSource) -> Int64 {
        let octave = random.below(doublings)
        let low = lowestCents << octave
        return Int64(low + random.below(low)) * 10_000
    }
}
