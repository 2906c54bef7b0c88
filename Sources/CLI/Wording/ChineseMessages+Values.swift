/// What is wrong with values while a statement runs, in both languages, an entry a line.
extension ChineseMessages {
    static let values = """
        division by zero => 除数为零
        guard the divisor, for example with nullif(divisor, 0) => 请保护除数，例如 nullif(除数, 0)
        {word} out of range => {} 超出范围
        numeric field overflow => numeric 溢出
        cast to a numeric with more digits before the point => 请转换为小数点前位数更多的 numeric
        value "{}" is out of range for type {} => 值 "{}" 超出类型 {} 的范围
        invalid input syntax for type {}: "{}" => 不是 {} 的写法："{}"
        invalid value "{}" for "{}" => "{2}" 的值 "{1}" 无效
        date/time field value out of range: "{}" => 日期或时间超出范围："{}"
        timestamp out of range: "{}" => 时间戳超出范围："{}"
        interval out of range: "{}" => 时间间隔超出范围："{}"
        unit "{}" not recognized for type {} => 类型 {2} 没有单位 "{1}"
        invalid regular expression: {message} => 正则表达式无效：{}
        parentheses () not balanced => 圆括号 () 不配对
        brackets [] not balanced => 方括号 [] 不配对
        LIKE pattern must not end with escape character => LIKE 模式不能以转义符结尾
        negative substring length not allowed => 子串长度不能为负
        percentile value {} is not between 0 and 1 => 百分位 {} 不在 0 与 1 之间
        cannot take square root of a negative number => 负数不能开平方
        cannot take logarithm of zero => 零不能取对数
        cannot take logarithm of a negative number => 负数不能取对数
        thresholds array must not contain NULLs => 界限数组不能含有 NULL
        step size cannot equal zero => 步长不能为零
        malformed array literal: "{}" => 数组的写法有误："{}"
        double precision out of range => double precision 超出范围
        input is out of range => 参数超出函数的定义域
        number is out of range => 数值超出范围
        value out of range: overflow => 数值超出范围：上溢
        value out of range: underflow => 数值超出范围：下溢
        "{}" is out of range for type double precision => "{}" 超出 double precision 的范围
        date field value out of range: {} => 日期的字段超出范围：{}
        time field value out of range: {} => 时间的字段超出范围：{}
        interval field value out of range: "{}" => 时间间隔的字段超出范围："{}"
        invalid regular expression option: "{}" => 没有正则表达式选项 "{}"
        invalid escape \\ sequence => 转义序列 \\ 无效
        invalid character range => 字符范围无效
        invalid character class => 字符类无效
        invalid embedded option => 内嵌选项无效
        invalid repetition count(s) => 重复次数无效
        quantifier operand invalid => 量词前没有可重复的内容
        braces {} not balanced => 花括号 {} 不配对
        """
}
