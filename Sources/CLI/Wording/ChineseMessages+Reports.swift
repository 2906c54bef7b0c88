/// What is wrong with indicators, reports, nightly runs and claims to be checked, in both languages, an entry a line.
extension ChineseMessages {
    static let reports = """
        --by {word}: no such grain => --by {}: 没有这样的口径
        one of institution, theme, region, region:1 to region:6, department, doctor, patient => 可用 institution、theme、region、region:1 至 region:6、department、doctor、patient
        --first-months {word}: not a number of months => --first-months {}: 不是月数
        a whole number from 1 to 1200 => 1 至 1200 的整数
        evidence needs an institution, --doctor or --patient => evidence 需要一个机构，或 --doctor、--patient
        the evidence of {word} names no lines: it cannot be narrowed to a doctor or a patient => {} 的证据不指明明细，不能限定到医师或患者
        ask for an institution's evidence, or give the indicator's evidence the columns claim_id and line_id => 请查看机构的证据，或让该指标的证据带 claim_id 与 line_id 列
        parameter "{}" of indicator "{}": claims has no column "{}" => 指标 "{2}" 的参数 "{1}"：claims 没有列 "{3}"
        parameter "{}" of indicator "{}": column "{}" of claims is {}; expected {phrase} => 指标 "{2}" 的参数 "{1}"：claims 的列 "{3}" 是 {4}；应为 {5}
        "fundwatch sql '{}'" shows its columns => `fundwatch sql '{}'` 显示其各列
        indicator "{}" needs a column that the claims do not have: {} => 指标 "{}" 需要 claims 中没有的列：{}
        load files that have one, or name the column with --set {} => 请载入含有该列的文件，或用 --set {} 指明列名
        "fundwatch indicators show {}" says what the column is for => `fundwatch indicators show {}` 说明该列的用途
        "fundwatch indicators show {}" shows the default => `fundwatch indicators show {}` 显示默认值
        indicator "{}": {message} => 指标 "{}"：{}
        this file has the columns of the table knowledge itself => 此文件的列即为 knowledge 表的列
        load it with ingest --table knowledge => 请用 ingest --table knowledge 载入
        indicator "{}" has several parameters => 指标 "{}" 有多个参数
        indicator "{}" has no parameter => 指标 "{}" 没有参数
        name one with --parameter: {} => 请用 --parameter 指定一个：{}
        there is nothing to tune => 没有可调的参数
        --values holds no value => --values 中没有值
        write them with commas, such as 6,8,10 => 请以逗号分隔，如 6,8,10
        give --out a folder that can be written to => 请给 --out 一个可写的目录
        cannot create "{}": {message} => 不能创建 "{}"：{}
        cannot write "{}": {message} => 不能写入 "{}"：{}
        -o goes with the ranking, not with --dossier => -o 用于排名，不用于 --dossier
        --out names the folder of the dossiers => --out 指明卷宗的目录
        there is no inbox that can be read: {message} => 没有可读取的收件目录：{}
        --window "{}" is no stretch of time => --window "{}" 不是时段
        write 12m, 2y, 90d or all => 请写 12m、2y、90d 或 all
        --top {} is not at least 1 => --top {} 应不小于 1
        --keep {} is not at least 1 => --keep {} 应不小于 1
        --settle {} is not between 0 and 86400 => --settle {} 不在 0 与 86400 之间
        --seed is empty => --seed 为空
        give any text => 请给出任意文本
        --rate gives grade {word} two shares => --rate 给等级 {} 两个比例
        name each grade once => 每个等级只写一次
        --rate "{}" is no share of a grade => --rate "{}" 不是等级的比例
        write A=5%,…,E=100%, in whole percents from 0 to 100 => 请写 A=5%,…,E=100%，为 0 到 100 的整数百分比
        the file has the headers of no known table => 文件的表头不属于任何已知的表
        known are {}; `fundwatch sniff` shows what a file holds, `fundwatch ingest --table` loads others => 已知的表有 {}；`fundwatch sniff` 说明文件内容，`fundwatch ingest --table` 载入其他表
        give the code of the item that is billed => 请给出所收费项目的编码
        no column "item_code" among {} columns => {} 列中没有 "item_code" 列
        name the columns as in the table claims; `fundwatch sniff` shows what a file holds => 列名请与 claims 表相同；`fundwatch sniff` 说明文件内容
        there are no claims in it => 其中没有单据
        something that is no JSON object => 有不是 JSON 对象的内容
        write one object a line => 请每行写一个对象
        a claim of more than {} MiB => 单据超过 {} MiB
        {} is not an identifier: a spreadsheet has rewritten it => {} 不是标识：已被电子表格改写
        {} is not a day such as 2025-01-31 => {} 不是日期，应如 2025-01-31
        {} is not a number of at most {} decimals => {} 不是至多 {} 位小数的数
        """
}
