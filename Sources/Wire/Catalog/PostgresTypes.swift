/// The rows of `pg_type` that clients look for.
///
/// Source: `pg_type` of PostgreSQL 15.
struct PostgresType: Sendable {
    var oid: Int64
    var name: String
    var length: Int64
    var isByValue: Bool
    var kind: String
    var category: String
    var isPreferred: Bool
    var delimiter: String
    var elementOID: Int64
    var arrayOID: Int64
    var alignment: String
    var storage: String
    var collationOID: Int64

    static let all: [PostgresType] = table.split(separator: "\n").map { line in
        let fields = line.split(separator: " ").map(String.init)
        return PostgresType(
            oid: Int64(fields[0]) ?? 0, name: fields[1], length: Int64(fields[2]) ?? -1, isByValue: fields[3] == "t",
            kind: fields[4], category: fields[5], isPreferred: fields[6] == "t", delimiter: fields[7],
            elementOID: Int64(fields[8]) ?? 0, arrayOID: Int64(fields[9]) ?? 0, alignment: fields[10], storage: fields[11],
            collationOID: Int64(fields[12]) ?? 0)
    }

    static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    static let numbered = Dictionary(uniqueKeysWithValues: all.map { ($0.oid, $0) })

    /// oid, name, length, by value, kind, category, preferred, delimiter, element, array, alignment, storage, collation.
    private static let table = """
        16 bool 1 t b B t , 0 1000 c p 0
        17 bytea -1 f b U f , 0 1001 i x 0
        18 char 1 t b Z f , 0 1002 c p 0
        19 name 64 f b S f , 18 1003 c p 950
        20 int8 8 t b N f , 0 1016 d p 0
        21 int2 2 t b N f , 0 1005 s p 0
        22 int2vector -1 f b A f , 21 1006 i p 0
        23 int4 4 t b N f , 0 1007 i p 0
        24 regproc 4 t b N f , 0 1008 i p 0
        25 text -1 f b S t , 0 1009 i x 100
        26 oid 4 t b N t , 0 1028 i p 0
        30 oidvector -1 f b A f , 26 1013 i p 0
        114 json -1 f b U f , 0 199 i x 0
        142 xml -1 f b U f , 0 143 i x 0
        700 float4 4 t b N f , 0 1021 i p 0
        701 float8 8 t b N t , 0 1022 d p 0
        705 unknown -2 f p X f , 0 0 c p 0
        869 inet -1 f b I t , 0 1041 i m 0
        1000 _bool -1 f b A f , 16 0 i x 0
        1001 _bytea -1 f b A f , 17 0 i x 0
        1002 _char -1 f b A f , 18 0 i x 0
        1003 _name -1 f b A f , 19 0 i x 950
        1005 _int2 -1 f b A f , 21 0 i x 0
        1007 _int4 -1 f b A f , 23 0 i x 0
        1009 _text -1 f b A f , 25 0 i x 100
        1014 _bpchar -1 f b A f , 1042 0 i x 100
        1015 _varchar -1 f b A f , 1043 0 i x 100
        1016 _int8 -1 f b A f , 20 0 d x 0
        1021 _float4 -1 f b A f , 700 0 i x 0
        1022 _float8 -1 f b A f , 701 0 d x 0
        1028 _oid -1 f b A f , 26 0 i x 0
        1033 aclitem 12 f b U f , 0 1034 i p 0
        1034 _aclitem -1 f b A f , 1033 0 i x 0
        1042 bpchar -1 f b S f , 0 1014 i x 100
        1043 varchar -1 f b S f , 0 1015 i x 100
        1082 date 4 t b D f , 0 1182 i p 0
        1083 time 8 t b D f , 0 1183 d p 0
        1114 timestamp 8 t b D f , 0 1115 d p 0
        1115 _timestamp -1 f b A f , 1114 0 d x 0
        1182 _date -1 f b A f , 1082 0 i x 0
        1183 _time -1 f b A f , 1083 0 d x 0
        1184 timestamptz 8 t b D t , 0 1185 d p 0
        1185 _timestamptz -1 f b A f , 1184 0 d x 0
        1186 interval 16 f b T t , 0 1187 d p 0
        1187 _interval -1 f b A f , 1186 0 d x 0
        1231 _numeric -1 f b A f , 1700 0 i x 0
        1266 timetz 12 f b D f , 0 1270 d p 0
        1700 numeric -1 f b N f , 0 1231 i m 0
        2202 regprocedure 4 t b N f , 0 2207 i p 0
        2205 regclass 4 t b N f , 0 2210 i p 0
        2206 regtype 4 t b N f , 0 2211 i p 0
        2210 _regclass -1 f b A f , 2205 0 i x 0
        2249 record -1 f p P f , 0 2287 d x 0
        2278 void 4 t p P f , 0 0 i p 0
        2950 uuid 16 f b U f , 0 2951 c p 0
        2951 _uuid -1 f b A f , 2950 0 i x 0
        3802 jsonb -1 f b U f , 0 3807 i x 0
        3838 event_trigger 4 t p P f , 0 0 i p 0
        4089 regnamespace 4 t b N f , 0 4090 i p 0
        4090 _regnamespace -1 f b A f , 4089 0 i x 0
        """
}
