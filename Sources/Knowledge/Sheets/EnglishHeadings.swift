/// Headings of translated sheets.
enum EnglishHeadings {
    private static let fields: [SheetField: [String]] = [
        .sequence: ["no", "nr", "number", "seq", "sequence", "serial", "serialno", "serialnumber", "index"],
        .pointSequence: ["point", "pointno", "pointid", "pointnumber"],
        .name: [
            "name", "itemname", "drugname", "genericname", "servicename", "consumablename", "productname", "itemaname", "aname", "mainitemname", "containingitemname",
        ],
        .code: [
            "code", "itemcode", "nationalcode", "nationalitemcode", "drugcode", "servicecode", "consumablecode", "productcode", "medlistcodg", "hilistcode", "itemacode", "acode",
            "codea", "mainitemcode", "containingitemcode", "localcode",
        ],
        .pairedName: ["paireditemname", "itembname", "bname", "containeditemname", "includeditemname"],
        .pairedCode: ["pairedcode", "paireditemcode", "itembcode", "bcode", "codeb", "containeditemcode", "includeditemcode", "seconditemcode"],
        .type: ["type", "restrictiontype", "ruletype", "rulename"],
        .value: ["value", "restriction", "condition", "restrictions", "conditions"],
        .sex: ["sex", "gender", "allowedsex", "permittedsex", "limitedtosex", "sexrestriction", "genderrestriction", "sexlimit"],
        .age: ["age", "ages", "allowedage", "agelimit", "agerange", "agerestriction"],
        .lowestAge: ["minage", "minimumage", "lowestage", "agefrom", "agemin"],
        .highestAge: ["maxage", "maximumage", "highestage", "ageto", "agemax"],
        .level: ["level", "minlevel", "minimumlevel", "institutionlevel", "hospitallevel", "facilitylevel"],
        .visitType: ["visittype", "visittypes", "allowedvisittypes", "encountertype"],
        .insurance: ["insurance", "insurancetype"],
        .course: ["course", "coursedays", "maxcoursedays", "maximumcoursedays", "paiddays"],
        .quantity: [
            "maxperday", "maximumperday", "dailymaximum", "dailymax", "dailylimit", "maxquantity", "maximumquantity", "quantitylimit", "maxtimes", "maximumtimes", "frequencylimit",
            "timesallowed", "times",
        ],
        .unit: ["unit", "quantityunit"],
        .period: ["period", "perioddays", "periodindays", "windowdays"],
        .periodUnit: ["periodunit"],
        .window: ["window", "timewindow"],
        .logic: ["logic", "detectionlogic"],
        .basis: ["basis", "legalbasis", "source", "authority", "reason"],
        .codeCount: ["codes", "codecount", "numberofcodes"],
        .remark: ["remark", "remarks", "note", "notes", "comment", "comments"],
        .validFrom: ["validfrom", "effectivefrom", "effectivedate", "startdate", "begindate"],
        .validTo: ["validto", "effectiveto", "enddate", "expirydate", "validuntil"],
        .validity: ["validity", "validityperiod", "effectiveperiod"],
    ]
    private static let byHeading: [String: SheetField] = Dictionary(
        uniqueKeysWithValues: fields.flatMap { field, headings in headings.map { ($0, field) } })

    /// The field of a heading in lower case without blanks; nil if it is none.
    static func field(_ heading: String) -> SheetField? {
        byHeading[String(heading.filter { $0.isLetter || $0.isNumber })]
    }
}
