/// What is wrong with how the program is called, in both languages, an entry a line.
extension ChineseMessages {
    static let commands = """
        there is no verb "{}" => 没有命令 "{}"
        the verbs are {}; --help explains them => 命令有 {}；--help 有说明
        choose one of {} => 可选 {}
        the ending {} stands for no format => 扩展名 {} 不对应任何格式
        use .csv, .tsv, .json, .jsonl, .md, .html, .xlsx, .parquet, .arrow, .arrows or .txt, or name a format with --format => 请用 .csv、.tsv、.json、.jsonl、.md、.html、.xlsx、.parquet、.arrow、.arrows 或 .txt，或用 --format 指明格式
        a workbook cannot be shown on a terminal => 工作簿不能显示在终端上
        {word} cannot be shown on a terminal => {} 不能显示在终端上
        name a file with -o, such as -o {} => 请用 -o 指明文件，如 -o {}
        {word} holds the rows of one statement => {} 只能存放一条语句的结果
        write one select, or use `copy … to` => 请只写一条 select，或用 `copy … to`
        --excel goes with CSV, not with {word} => --excel 只用于 CSV，不用于 {}
        leave one of them out => 请去掉其中一个
        leave one of them out; -o x.xlsx needs no --excel => 请去掉其中一个；-o x.xlsx 不需要 --excel
        {word} "{}" is not a size => {} "{}" 不是容量
        write a number with K, M or G, such as 512M => 请写带 K、M 或 G 的数，如 512M
        {word} "{}" is not a time => {} "{}" 不是时长
        --subset "{}" is not a share => --subset "{}" 不是份额
        write 2/7 for the second of seven => 请写 2/7，表示七份中的第二份
        {word} "{}" is not a span of time => {} "{}" 不是时长
        write a number with ms, s, min or h, such as 30s => 请写带 ms、s、min 或 h 的数，如 30s
        --max-rejects "{}" is neither a number of rows nor a share => --max-rejects "{}" 既不是行数也不是比例
        write 100 or 0.1% (at most 3 decimals, at most 100%) => 请写 100 或 0.1%（最多三位小数，不超过 100%）
        --encoding "{}" is not known => 不认识 --encoding "{}"
        there is no setting "{}" => 没有设置 "{}"
        the settings are {} => 设置有 {}
        "{}" is no setting => "{}" 不是设置
        write key: value => 请写成 键: 值
        --query expects one query => --query 后应为一条查询
        write one select => 请只写一条 select
        no statement gave rows, so that there is no {word} => 没有语句给出行，因而没有 {}
        write a select => 请写 select
        lang "{}" is not known => 不认识 lang "{}"
        choose en or zh => 请选 en 或 zh
        color "{}" is not known => 不认识 color "{}"
        choose auto, always or never => 请选 auto、always 或 never
        the configuration file cannot be read => 不能读取配置文件
        check $FUNDWATCH_CONFIG => 请检查 $FUNDWATCH_CONFIG
        nothing was changed => 没有任何改动
        the report before stands, and the next run goes on from here => 上次的报告仍在，下次运行从这里继续
        """

    /// What the parser of the command line says, which is a library.
    static let parserErrors = """
        Error: Unknown option '{}' => 错误：没有选项 '{}'
        Error: Unknown option '{}'. Did you mean '{}'? => 错误：没有选项 '{}'，是否想写 '{}'？
        Error: Missing value for '{}' => 错误：'{}' 缺少值
        Error: Missing expected argument '{}' => 错误：缺少参数 '{}'
        Error: Unexpected argument '{}' => 错误：多余的参数 '{}'
        Error: {} unexpected arguments: {} => 错误：多余的 {} 个参数：{}
        Error: The value '{}' is invalid for '{}' => 错误：'{2}' 的值 '{1}' 无效
        Error: The value '{}' is invalid for '{}'. Please provide one of {}. => 错误：'{2}' 的值 '{1}' 无效，可选 {3}
        Error: The value '{}' is invalid for '{}'. Please provide one of the following: => 错误：'{2}' 的值 '{1}' 无效，可选：
        Usage: {} => 用法：{}
        Help:  {} => 说明：{}
          See '{}' for more information. =>   详见 '{}'。
        """

    /// What the grammar of SQL says, which is a library.
    static let grammarErrors = """
        syntax error at or near "{}" => 在 "{}" 处或其附近有语法错误
        syntax error at end of input => 语句在结尾处不完整
        unterminated quoted string at or near "{}" => 引号字符串未结束：{}
        subquery in FROM must have an alias => FROM 中的子查询必须有别名
        VALUES in FROM must have an alias => FROM 中的 VALUES 必须有别名
        zero-length delimited identifier at or near "{}" => 引号中的名称是空的：{}
        trailing junk after numeric literal at or near "{}" => 数字后面有多余的字符：{}
        improper use of "*" at or near "{}" => 在 "{}" 处或其附近 "*" 用法有误
        multiple ORDER BY clauses not allowed => 不能有多个 ORDER BY
        multiple LIMIT clauses not allowed => 不能有多个 LIMIT
        unterminated quoted identifier at or near "{}" => 带引号的名称未结束：{}
        """

    /// What the system says of calls that fail.
    static let systemErrors = """
        No such file or directory => 没有那个文件或目录
        Permission denied => 权限不足
        Is a directory => 是一个目录
        Not a directory => 不是目录
        No space left on device => 设备上没有空间
        Read-only file system => 只读文件系统
        Input/output error => 输入输出错误
        Broken pipe => 管道已断开
        File exists => 文件已存在
        Directory not empty => 目录不是空的
        File name too long => 文件名过长
        Too many levels of symbolic links => 符号链接层数过多
        Too many open files => 打开的文件过多
        No such device or address => 没有那个设备或地址
        Disk quota exceeded => 超出磁盘配额
        Text file busy => 文件正在执行
        Device or resource busy => 设备或资源忙
        Operation not permitted => 不允许的操作
        Address already in use => 地址已被占用
        Cannot assign requested address => 不是本机的地址
        Connection refused => 连接被拒绝
        Cannot allocate memory => 不能分配内存
        """
}
