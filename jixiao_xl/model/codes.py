"""Everything we can say: code, Chinese sentence, remedy, English, and the truth-table rule it answers.

The letters are the family, the number has no meaning and is never changed or reused.
Where, what, what it should be, how to fix: in that order, with both numbers shown.
"""

from __future__ import annotations

from jixiao_xl.model.records import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `rule` is the id in the truth table (F04 …), empty where it has none."""

    id: str
    zh: str
    fix: str
    en: str
    rule: str = ""
    sure: bool = False
    """What it suggests is the one right value, so that a program may write it (按建议修改)."""


_ENTRIES = (
    # ---- a definition file ----------------------------------------------------
    Code("DEF100", "表样定义 {file} 读不出：{what}", "按提示的行列改正后再试。", "definition {file}: not TOML: {what}"),
    Code("DEF101", "表样定义 {file} 里有不认识的词：{what}", "对照现有表样定义改正拼写。", "definition {file}: unknown word {what}"),
    Code("DEF102", "表样定义 {file} 缺少必写的词：{what}", "补上这个词。", "definition {file}: missing {what}"),
    Code("DEF103", "表样定义 {file}：{what}", "把 sum_of 改成本组已有的行。", "definition {file}: {what}"),
    Code("DEF104", "表样定义 {file}：{what}", "让合计只由分项相加。", "definition {file}: {what}"),
    Code("DEF105", "表样定义 {file}：{what}", "给该组加 id 为 total 的合计行，或改正列名。", "definition {file}: {what}"),
    Code("DEF106", "表样定义 {file}：{what}", "把 check 写成 equal 或 at_most，并引用已有的行列。", "definition {file}: {what}"),
    Code("DEF107", "表样定义 {file}：{what}", "让每个指标行与 levels 的级数一致。", "definition {file}: {what}"),
    Code("DEF108", "表样定义 {file}：{what}", "补上被引用的定义，或改正名称。", "definition {file}: {what}"),
    Code("DEF109", "表样定义 {file}：{what}", "按提示改正取值。", "definition {file}: {what}"),
    # ---- the workbook as an object --------------------------------------------
    Code("WBK101", "{book} 不是本工具下发的表样（没有表样标识）。", "请用下发的表样填报；是别的表请移出文件夹。", "{book}: not made from our template"),
    Code("WBK102", "{book} 用的表样 {form} {edition} 版本程序里没有。", "升级程序，或换用现行表样重填。", "{book}: unknown form {form} {edition}"),
    Code("WBK103", "{book} 缺少“{sheet}”表。", "重新下载表样，把已填内容粘贴进去。", "{book}: sheet {sheet} missing"),
    Code("WBK104", "“{sheet}”表第 {row} 行的行标识被改动，该行没有读取。", "取消隐藏 A 列核对，或重新下载表样。", "{sheet} row {row}: key damaged"),
    Code("WBK105", "{label}的公式被覆盖或改动，现在显示 {stated}。", "该格自动计算，请改分项；恢复公式即可。", "{label}: formula replaced by {stated}", sure=True),
    Code("WBK106", "“{sheet}”表的保护已被取消。", "不影响读取；请不要改动表样结构。", "{sheet}: protection removed"),
    Code("WBK107", "{book} 是 {found}，不是本次下发的表样 {wanted}。", "请用本次下发的表样填报。", "{book}: is {found}, wanted {wanted}"),
    Code("WBK108", "{book} 打不开：{why}", "{advice}", "{book}: unreadable: {why}"),
    Code("WBK109", "事实路径 {what} 在表样中没有对应位置。", "对照表样定义改正路径。", "no place for fact {what}"),
    Code("WBK110", "封面单位名称“{visible}”与下发给“{issued}”的标识不一致，待认领。", "请单位核对是否用错文件；确属更名的，由接收人在名单“采用文件”列认领。", "visible name {visible} differs from identity {issued}"),
    Code("WBK111", "{label}填报为 {stated}，表中按公式显示 {expected}。", "需要保留原数时用 --as-stated。", "{label}: stated {stated} replaced by formula {expected}"),
    Code("WBK112", "“{sheet}”表的行列标识不完整（缺 {what}），相应内容没有读取。", "不要改动隐藏的首列和标识行；重新下载表样，把已填内容粘贴进去。", "{sheet}: keys missing: {what}"),
    Code("WBK113", "{book} 与 {other} 不是同一份表：{what}。", "选同一单位、同一表样、同一年度和阶段的两份再比对。", "{book} and {other} are not of one kind: {what}"),
    Code("WBK114", "{book} 是旧版：修订号 {revision}，低于 {other} 的 {newest}。", "请单位确认以哪一份为准；登记和汇总以修订号高的为准。", "{book} is older: revision {revision}, {other} has {newest}"),
    Code("WBK115", "纸质件的校验码 {stated} 与 {book} 不符，该文件的校验码是 {expected}。", "纸质件是旧版，或打印后又改过文件；以最后报送的文件重新打印、签字。", "paper {stated} does not match {book}, which has {expected}"),
    Code("WBK116", "{book} 还没有填写内容，没有校验码。", "填好后再核对。", "{book}: nothing filled in, no check code"),
    Code("WBK117", "{book} 里的宏被改动：{what}。", "不要启用它的宏；请单位用“生成报送文件”另存为 .xlsx 后重报。", "{book}: macros are not ours: {what}"),
    Code("WBK118", "“{sheet}”表有 {count} 格用了自定义函数（JX_…），第一处在 {cell}，没有装本工具的电脑算不出。", "在带宏的表样里点“生成报送文件”，用生成的 .xlsx 报送；或把公式改成数值。", "{sheet}: {count} cells call our functions, first {cell}"),
    Code("WBK119", "{book} 里没有按钮用的“校验结果”“粘贴区”等表。", "换用带按钮的 .xlsm 表样；只有 .xlsx 的，“校验”会另出一份标好的文件。", "{book}: a plain workbook without the sheets that buttons need"),
    Code("WBK121", "{book} 是本工具的{kind}，不是报送件，没有计入。", "{advice}放在报送件文件夹以外更清楚。", "{book}: our own {kind}, no submission"),
    Code("FIX101", "{book} 没有能按建议自动修改的地方，没有另存文件。", "“必须修改”的照校验结果逐处改。", "{book}: nothing to mend by itself, no file written"),
    Code("FIX102", "{book} 有内容没有读出，为免丢失，没有另存。", "先照下面的提示改好，再试。", "{book}: parts were not read, no mended copy written"),
    Code("FIX103", "{label}的建议值“{expected}”（{code}）没有采用：改后会出现 {errors}。", "核对后自己改。", "{label}: {expected} ({code}) not taken, it would raise {errors}"),
    Code("FIX104", "{label}有两个建议值：采用“{expected}”，没有采用“{other}”（{code}）。", "核对采用的值。", "{label}: {expected} taken, {other} ({code}) passed over"),
    # ---- one cell -----------------------------------------------------------------
    Code("CEL101", "{label}填“{stated}”，不是数字。", "只填数字，单位万元，不写文字。", "{label}: {stated} is not a number", "F06", sure=True),
    Code("CEL102", "{label}的“{stated}”是文本形式的数字。", "改成数字 {expected}，不带逗号、空格和全角字符。", "{label}: number stored as text {stated}", sure=True),
    Code("CEL103", "{label}填 {stated}，小数超过 {decimals} 位。", "四舍五入为 {expected}。", "{label}: {stated} has more than {decimals} decimals", "F11"),
    Code("CEL105", "{label}填“{stated}”，不在可选项中。", "从下拉列表选择：{choices}。", "{label}: {stated} is not in the list"),
    Code("CEL106", "{label}填“{stated}”，是旧写法。", "改为“{expected}”。", "{label}: old wording {stated}, read as {expected}", sure=True),
    Code("CEL107", "{label}中有网页标记 {stated}。", "删去尖括号及其中的字母。", "{label}: web markup {stated}", "T06", sure=True),
    Code("CEL109", "{label}填“{stated}”，格式不对。", "{hint}", "{label}: {stated} has the wrong pattern"),
    Code("CEL110", "{label}显示 {stated}，是错误值或没有算出的公式。", "删去公式，直接填写内容。", "{label}: error value {stated}"),
    Code("CEL111", "{label}被自动转成了日期（{stated}），原来多半填的是“{expected}”。", "先把单元格设为文本，再重新填写；原来的内容以原稿为准。", "{label}: became a date, {expected} was probably typed"),
    Code("CEL112", "{label}写 {stated}，同表其他金额都写 {decimals} 位小数。", "写成 {expected}。", "{label}: {stated} where the table has {decimals} decimals", "F11", sure=True),
    # ---- completeness -----------------------------------------------------------
    Code("CMP101", "{label}为空。", "必填，请补充。", "{label}: required and empty", "T01"),
    Code("CMP102", "{label}为空，该行其他格已填。", "补全该行；不用的行整行清空。", "{label}: row half filled"),
    Code("CMP103", "“{stated}”是表样占位，没有替换。", "换成具体内容；不用的行整行清空。", "placeholder {stated} left", "I10"),
    Code("CMP104", "{label}没有填写指标值。", "填写指标值；确实没有的填“不适用”。", "{label}: indicator value empty", "I20"),
    Code("CMP105", "{label}没有填写金额。", "补填金额；没有的填0。", "{label}: amount missing", "F06"),
    Code("CMP106", "{label}整行没有金额。", "没有的填0或“不适用”。", "{label}: whole row blank", "F06"),
    # ---- amounts -----------------------------------------------------------------
    Code("FND101", "{label}填 {stated}，收入分项相加为 {expected}，相差 {gap}。", "核对各项金额；合计由公式计算，不要手填。", "{label}: stated {stated}, parts add to {expected}", "F01", sure=True),
    Code("FND102", "{label}填 {stated}，分项相加为 {expected}，尾差 {gap}。", "属四舍五入尾差，可保留；否则按分项改为 {expected}。", "{label}: stated {stated}, parts {expected}, within rounding", "F02"),
    Code("FND103", "{label}填 {stated}，应为 {part}÷{whole}={expected}。", "恢复该格公式，或把占比改为 {expected}。", "{label}: stated {stated}, should be {expected}", "F04", sure=True),
    Code("FND104", "{label}填 {stated}，是负数。", "核对后填正数或0。", "{label}: negative {stated}"),
    Code("FND105", "{label}填 {stated}，疑为以元填报（应以万元填报）。", "若为元，改为 {expected} 万元。", "{label}: {stated} looks like yuan", sure=True),
    Code("FND106", "{label}各项占比相加为 {stated}，应为 100%。", "逐项核对占比，改正后应合计100%。", "{label}: shares add to {stated}", "F05"),
    Code("FND107", "{label}填 {stated}，支出分项相加为 {expected}，相差 {gap}。", "核对各项金额；合计由公式计算，不要手填。", "{label}: stated {stated}, parts add to {expected}", "F02", sure=True),
    Code("FND201", "{left} {left_amount} 与{right} {right_amount} 不等，相差 {gap}。", "{why}", "{left} {left_amount} differs from {right} {right_amount}", "F03"),
    Code("FND202", "{label}填 {stated}，所列项目相加为 {expected}，相差 {gap}。", "核对项目明细；漏列的项目补上。", "{label}: stated {stated}, listed projects add to {expected}", "F07"),
    Code("FND203", "{label}填 {stated}，所列项目半年数相加为 {expected}，相差 {gap}。", "补填各项目半年数，或改正合计。", "{label}: stated {stated}, half-year figures add to {expected}", "F08"),
    Code("FND204", "{label}：半年 {small} 大于全年 {large}。", "{why}", "{label}: half-year {small} exceeds full-year {large}", "F09"),
    Code("FND205", "{label}：半年值 {small} 已等于全年值，该率随进度累计。", "按进度填半年值；半年即可完成的写情况说明。", "{label}: half-year equals full-year {small} though it accrues", "F09"),
    Code("FND206", "{label}：半年 {small} 与全年 {large} 相同，下半年没有增量。", "核对全年目标；属实可不改。", "{label}: half-year equals full-year", "F09"),
    Code("FND207", "{label} {stated} 万元没有分解到 {count} 个{goals}。", "在各目标后注明所用金额，相加应等于该数；或附项目明细。", "{label} {stated} is not broken down to the {count} goals", "F07"),
    Code("FND301", "“{sheet}”整张表没有填写。", "补填收入、支出各项金额，单位万元。", "{sheet}: whole table blank", "F14"),
    Code("FND302", "{count} 个项目预算数合计 {total} 万元，全文没有部门合计可以核对。", "在正文或附表中补写部门预算合计。", "{count} projects add to {total}, no department total to check", "F14"),
    # ---- schedules -----------------------------------------------------------------
    Code("SCH101", "{label}：{later}填 {stated}，小于前一期 {earlier}。", "支出计划按累计百分比填，后一期不小于前一期。", "{label}: {later} {stated} below {earlier}", "F10"),
    Code("SCH102", "{label}：{later}填 {stated}，应为 {expected}。", "把{later}改为 {expected}。", "{label}: {later} is {stated}, should be {expected}", "F10", sure=True),
    Code("SCH103", "{label}：{later}没有填写，最后一期应为 {expected}。", "补填{later}。", "{label}: {later} missing", "F10", sure=True),
    Code("SCH104", "{label}写明在{stated}开展，支出计划却按期平均安排（{expected}）。", "按活动时点编支出计划；确需平均支付的可不改。", "{label}: dated {stated}, but the payment plan is even", "F10"),
    # ---- indicators: one value ------------------------------------------------------
    Code("IND103", "{label}填“{stated}”，{why}。", "{advice}", "{label}: {stated} is no grade word of it", "I08"),
    Code("IND104", "{label}填 {stated}，{why}。", "{advice}", "{label}: {stated} is out of range", "I02"),
    Code("IND105", "{label}填 {stated}，比较符与指标方向（{direction}）不一致。", "改为 {expected}。", "{label}: {stated} points the wrong way", "I03"),
    Code("IND106", "{label}填“{stated}”，没有数；{what}应填数字。", "写成数字加单位，如 {example}。", "{label}: {stated} is no number", "I09"),
    Code("IND107", "{label}填“{stated}”，比率指标应填百分数。", "写成百分数，如 {example}。", "{label}: {stated} is no percentage", "I01"),
    Code("IND108", "{label}填 {stated}，没有比较符。", "改为 {expected}。", "{label}: {stated} has no operator", "I04"),
    Code("IND109", "{label}填 {stated}，{why}。", "{advice}。", "{label}: unit of {stated}", "I05"),
    Code("IND110", "{label}填 {stated}，{why}。", "改为 {expected}。", "{label}: {stated} cannot be exceeded", "I06", sure=True),
    Code("IND111", "{label}填 {stated}，{why}。", "近两年填实际完成值：{expected}。", "{label}: prior-year value {stated} is no actual value", "I07"),
    Code("IND112", "{label}填“{stated}”，{why}。", "没有这项业务的填“不适用”，写情况说明；有的填数值。", "{label}: {stated} does not say whether inapplicable", "I11"),
    Code("IND113", "{label}填“{stated}”，{why}。", "改为：{choices}。", "{label}: basis {stated} does not fit", "I12"),
    Code("IND116", "{label}填“{stated}”，{why}。", "{advice}", "{label}: {stated} measures nothing", "I18"),
    # ---- indicators: the row and its place --------------------------------------------
    Code("IND101", "“{name}”放在“{stated}”下，指标字典列在“{expected}”下。", "移到“{expected}”下填报。", "{name}: filed under {stated}, belongs under {expected}", "I13"),
    Code("IND114", "指标名称“{stated}”{why}。", "{advice}", "indicator name {stated} is not whole or names nothing", "I14"),
    Code("IND115", "“{name}”归在“{stated}”，{why}。", "移到“{expected}”，或换成属于“{stated}”的指标。", "{name}: filed as {stated}, is {expected}", "I17"),
    Code("IND117", "{label}与{other}重复：{stated}。", "{advice}", "{label} repeats {other}", "I19"),
    Code("IND118", "{left}与{right}有 {count} 个指标相同，其中 {same} 个目标值也相同。", "两处确为同一内容的合并；不同的写出各自的指标。", "{left} and {right} share {count} indicators, {same} with the same target", "I19"),
    Code("IND119", "{label}缺少{what}类指标。", "每类至少填一个；确实没有的填“不适用”，写情况说明。", "{label}: no indicator of kind {what}", "I20"),
    Code("IND120", "“{name}”这一行的值错了列：{stated}。", "对照表头，把各值移回自己的列。", "{name}: values in the wrong columns: {stated}", "I21"),
    # ---- indicators: against each other ------------------------------------------------
    Code("IND201", "{name}在{here}有，在{there}没有。", "两张表的指标应一致，请补上或删去；有意只列一处的可不改。", "{name}: in {here}, not in {there}", "I15"),
    Code("IND202", "“{name}”{left}填 {left_value}，{right}填 {right_value}，{why}。", "{advice}", "{name}: {left_value} against {right_value}", "I15"),
    Code("IND203", "{name}的依据，{left}填“{left_value}”，{right}填“{right_value}”。", "核对后统一。", "{name}: basis {left_value} against {right_value}", "I15"),
    Code("IND204", "“{name}”{why}：{stated}。", "{advice}", "{name}: target without challenge: {stated}", "I22"),
    Code("IND301", "{left}{left_value} 与 {right} 不能同时成立：{why}。", "核对各指标的分子分母后改正。", "{left} {left_value} contradicts {right}", "I16"),
    Code("IND302", "{label}填 {stated}，资金表推算为 {expected}（{formula}）。", "改为推算值，或改正资金表。", "{label}: {stated}, funds give {expected}", "I16"),
    Code("IND303", "“{name}”半年目标 {stated}，而对应项目“{project}”半年计划执行数为 {amount}。", "补填项目的半年数，或把半年指标改为0。", "{name}: {stated} by half-year without money in {project}", "I16"),
    Code("IND304", "{label}填 {stated}，{why}。", "核对口径（{formula}）后改正；属实的写情况说明。", "{label}: {stated} is implausible", "I16"),
    Code("IND305", "{label}填 {stated}，测算表按 {numerator}÷{denominator} 算得 {expected}。", "改为 {expected}，或改正测算表的数。", "{label}: {stated}, worksheet gives {expected}"),
    Code("IND306", "{label}写了{stated}，没有写{missing}，“{name}”无法核算。", "补写{missing}（以机构编制部门核定数为准）。", "{label}: no {missing}, {name} cannot be computed", "F14"),
    # ---- texts ---------------------------------------------------------------------------
    Code("TXT101", "{label}停在“…{stated}”，{why}。", "{advice}", "{label}: cut off at {stated}", "T02"),
    Code("TXT102", "{label}写到“{stated}”，{why}。", "核对是否照抄他处，改为本单位的内容。", "{label}: {stated} does not belong to this unit", "T03"),
    Code("TXT103", "{label}写“{stated}”，{why}。", "{advice}", "{label}: {stated} does not agree with {right}", "T04"),
    Code("TXT104", "{label}的编号{stated}，{why}。", "改为连续编号：{expected}。", "{label}: numbering {stated}", "T05"),
    Code("TXT105", "{label}中“{stated}”重复，写了 {count} 次。", "删去重复的部分。", "{label}: {stated} repeated", "T06"),
    Code("TXT106", "{label}中有“{stated}”，{why}。", "改为“{expected}”。", "{label}: {stated}, write {expected}", "T06"),
    Code("TXT107", "{label}：{stated}，{why}。", "{advice}", "{label}: {stated}: period or year", "T07"),
    Code("TXT108", "{label}有个人手机号 {stated}。", "改填办公电话；公开前遮去中间四位。", "{label}: a personal phone number {stated}", "T08"),
    Code("TXT109", "{label}写“{stated}”，{why}。", "{advice}", "{label}: {stated} is no project of the funds table, nearest {expected}", "T09"),
    Code("TXT110", "{label}：{stated}，{why}。", "{advice}", "{label}: {stated} has no indicator", "T10"),
    # ---- against other years ------------------------------------------------------------
    Code("PRI103", "{label}当年数与上年数逐项相同（{count} 项）。", "核对是否照抄上年；属实的写情况说明。", "{label}: {count} amounts the same as last year", "F13"),
    Code("PRI104", "{label}由 {before} 变为 {after}，变动 {change}，超过 ±{limit}。", "核对金额；属实的写情况说明。", "{label}: {before} to {after}, {change}", "F12"),
    # ---- against the approved budget ------------------------------------------------------
    Code("BUD101", "{label}填 {stated}，与预算批复不一致，批复数为 {expected}（{source}）。", "核对后改为 {expected}；批复有调整的，请财政部门重新导入批复数。", "{label}: {stated}, approved {expected}"),
    Code("BUD102", "预算批复中的项目“{name}”（{amount}万元）表中没有。", "补列这个项目及其指标。", "approved project {name} ({amount}) is missing"),
    Code("BUD103", "项目“{name}”不在预算批复中。", "{hint}核对项目名称；新增项目写情况说明。", "project {name} is not in the approved budget"),
    Code("BUD201", "{book} 缺少“{column}”列。", "表头写：行政区划代码、预算单位代码（或单位代码）、单位名称、项目名称（可不写）、批复数（元或万元）。", "{book}: column {column} missing"),
    Code("BUD202", "{book} 第 {row} 行{column}“{stated}”不对。", "{advice}", "{book} row {row}: bad {column} {stated}"),
    Code("BUD203", "{book} 第 {row} 行与第 {other} 行重复：{stated}。", "一个单位（一个项目）只留一行。", "{book} rows {row} and {other} are the same: {stated}"),
    Code("BUD204", "{book} 没有写金额单位。", "在金额列的表头写明（元）或（万元），或用 --unit 指定。", "{book}: unit of the amounts not stated"),
    Code("BUD205", "{book} 里没有可以导入的预算数。", "核对表头和内容后再试。", "{book}: nothing to import"),
    # ---- two filings side by side ----------------------------------------------------------
    Code("DIF101", "{book} 与 {other} 不能对比：{what}。", "选同一单位的两份，表样相同或前后衔接（如申报和批复、批复和自评）。", "{book} and {other} have nothing to compare: {what}"),
    # ---- approving many units at once -----------------------------------------------------
    Code("APR201", "{book} 缺少“{column}”列。", "表头写：单位代码（或行政区划代码、预算单位代码）、单位名称、批复文号、批复日期，要核对金额的另有批复数（元或万元）。", "{book}: column {column} missing"),
    Code("APR202", "{book} 第 {row} 行{column}“{stated}”不对，该单位没有批复。", "{advice}", "{book} row {row}: bad {column} {stated}"),
    Code("APR203", "{book} 第 {row} 行与第 {other} 行是同一个单位：{stated}，没有批复。", "一个单位只留一行，再运行一次。", "{book} rows {row} and {other}: the same unit {stated}"),
    Code("APR204", "{book} 没有写金额单位。", "在金额列的表头写明（元）或（万元），或用 --unit 指定。", "{book}: unit of the amounts not stated"),
    Code("APR205", "{book} 里没有要批复的单位。", "核对表头和内容后再试。", "{book}: nothing to approve"),
    Code("APR206", "{book} 里的“{unit}”没有登记过{what}的申报，没有批复。", "核对单位代码；没有登记的，先接收登记、审核。", "{book}: {unit} has no filing of {what}"),
    Code("APR207", "{unit} 第 {seen} 版“{state}”之后又收到第 {version} 版，没有批复。", "看过新版再定：同意的再选一次“审核通过”，然后批复。", "{unit}: version {version} came after version {seen} was {state}"),
    Code("APR208", "{unit} 已批复（{kept}），表里是 {stated}，没有改。", "文号、日期登记错了的，先用 jixiao review set 退回修改并写明原因，再审核通过，重新批复。", "{unit}: approved as {kept}, table says {stated}"),
    # ---- reasons given -----------------------------------------------------------------
    Code("EXP101", "情况说明第 {row} 行写的“{stated}”没有对应的问题。", "代码和位置照校验结果填写；已改正的问题不用再说明。", "reason row {row}: no finding {stated}"),
    Code("EXP102", "情况说明第 {row} 行：{code} 是必须修改，不能只作说明。", "改正后再报。", "reason row {row}: {code} is an error and cannot be explained away"),
    # ---- prior year -----------------------------------------------------------------
    Code("PRI101", "{label}填 {stated}，历年数据库为 {expected}（{source}），与上年批复数不一致。", "核对后改为 {expected}；属实的写情况说明。", "{label}: {stated}, archive has {expected}"),
    Code("PRI102", "历年数据库里没有 {unit} {year} 年的数据。", "先接收登记该年的报送件，或手工填写。", "archive has nothing for {unit} {year}"),
    Code("PRI105", "历年数据库有“{name}”（{source}），表中“{place}”没有空行，没有提取。", "删去不用的行，或合并相近的指标后再提取。", "{name} ({source}): no spare row under {place}"),
    Code("PRI106", "{label}上年数为 {expected}（{source}）。", "供填报时对照，没有写入表格。", "{label}: last year {expected} ({source})"),
    Code("PRI107", "{unit} 由 {units} 等合并而来，历年数据库 {year} 年：{why}。", "对照合并前各单位的数，自行填写并写情况说明。", "{unit}: merged from {units}, {year}: {why}"),
    Code("PRI108", "{label}填入 {stated}：{note}。", "核对后保留或改写。", "{label}: {stated} filled in: {note}"),
    # ---- undoing ----------------------------------------------------------------------
    Code("UND101", "没有可以撤销的改动：{why}。", "只能撤销本工具在这个工作簿里最近一次的改动。", "nothing to undo: {why}"),
    Code("UND102", "“{sheet}”表的 {cells} 后来又改过，没有撤销。", "要恢复的，自己改回来。", "{sheet} {cells}: changed since, left as they are"),
    # ---- consolidation ---------------------------------------------------------------
    Code("CON101", "{unit} 未报。", "催报。", "{unit}: not filed"),
    Code("CON102", "{unit} 报了 {count} 份，采用 {used}。", "核对后删去多余的一份。", "{unit}: filed {count} times, {used} used"),
    Code("CON103", "{unit} 不在应报单位名单中，未计入汇总。", "核对单位代码，或把单位补入名单。", "{unit}: not on the roster"),
    Code("CON104", "{unit} 有 {count} 处必须修改，已计入汇总并标记。", "退回修改；不计入的，在名单“纳入/不纳入”列注明。", "{unit}: {count} errors, included and marked"),
    Code("CON105", "{book} 的标识是 {issued}，封面写 {visible}，待认领，未计入汇总。", "请双方单位核对后重报；确属更名的，在名单该单位的“采用文件”列写上这个文件名。", "{book}: issued to {issued}, shows {visible}"),
    Code("CON106", "{unit} 由 {who} 决定不纳入：{why}。", "需要纳入时修改名单。", "{unit}: left out by {who}: {why}"),
    Code("CON107", "{book} 没有读入：{why}。", "处理后重新汇总。", "{book}: not read: {why}"),
    Code("CON108", "{unit} 的 {what} 缺数，未计入合计。", "催补；合计旁已注明不含该单位。", "{unit}: {what} missing"),
    Code("CON109", "{unit} 在名单中写明采用“{book}”，文件夹里没有这个文件。", "改正“采用文件”列的文件名。", "{unit}: chosen file {book} is not in the folder"),
    Code("CON110", "{unit}：{counted}，{others} 不重复计入。", "不需要处理；要改按另一级计入的，在名单把部门汇总一行写“不纳入”。", "{unit}: {counted}; {others} not counted again"),
    Code("CON111", "{unit} 的部门汇总{label}填 {stated}，下属 {count} 家之和为 {expected}，相差 {gap}。", "请主管部门核对后改正，或写明抵消的数。", "{unit}: {label} {stated}, sum of {count} parts {expected}, off by {gap}"),
    Code("CON112", "{unit} 的部门汇总无法与下属单位核对：缺 {missing}。", "催报、催补后重新汇总。", "{unit}: parts missing ({missing}), not compared"),
    Code("CON113", "{unit} 报了部门汇总，名单里没有下属单位写它为主管部门，可能重复计入。", "在下属单位的“主管部门”列写上它的名称或代码，再重新汇总。", "{unit}: a total without known parts, may be counted twice"),
    Code("CON114", "{book} 与 {other} 内容相同，是还没有改过的退回件，没有计入。", "单位改好后重报的，换成改好的文件；否则移出文件夹。", "{book}: the returned copy of {other}, untouched, left out"),
    # ---- roster ----------------------------------------------------------------------
    Code("ROS101", "名单第 {row} 行与第 {other} 行单位代码重复：{key}。", "改正其中一行的代码。", "roster rows {row} and {other}: same key {key}"),
    Code("ROS102", "名单缺少“{column}”列。", "用 jixiao roster 生成空名单，按列填写。", "roster lacks column {column}"),
    Code("ROS103", "名单第 {row} 行的{column}“{stated}”不对。", "{advice}", "roster row {row}: bad {column}"),
    Code("ROS104", "名单里没有单位。", "在名单中逐行填写应报单位。", "roster is empty"),
    Code("ROS105", "名单第 {row} 行与第 {other} 行都写了曾用代码 {key}。", "一个旧代码只由一个单位承接，改正其中一行；拆分的，写在承接主要业务的一行。", "roster rows {row} and {other}: both claim former code {key}"),
    Code("ROS106", "名单第 {row} 行的主管部门“{stated}”转了一圈又回到本单位。", "改正主管部门。", "roster row {row}: supervisor {stated} leads back to itself"),
    # ---- archive ---------------------------------------------------------------------
    Code("ARC101", "{unit} {year} 年{stage}已登记第 {version} 版，本次内容不同，登记为第 {next} 版。", "旧版保留可查。", "{unit} {year}: version {next} after {version}"),
    Code("ARC102", "历年数据库 {archive} 打不开或不能写入：{why}", "检查路径和权限，或稍后再试。", "archive {archive}: {why}"),
    Code("ARC103", "{book} 没有单位代码，不能登记。", "在封面填写单位代码，或用下发的表样填报。", "{book}: no unit key"),
    Code("ARC105", "{book} 还没有填写内容，没有登记。", "填好后再登记。", "{book}: nothing filled in, not deposited"),
    Code("ARC104", "{unit} {year} 年{stage}内容与第 {version} 版相同，没有重复登记。", "不需要处理。", "{unit} {year}: same as version {version}"),
    Code("ARC106", "{book} 是旧版（修订号 {revision}），{unit} {year} 年{stage}现行的仍是第 {version} 版（修订号 {newest}）。", "旧版只作历史保留；请单位确认以哪一份为准。", "{book} is older (revision {revision}); version {version} (revision {newest}) stays current"),
    Code("ARC108", "{book} 是 {unit} {year} 年{stage}第 {version} 版的退回件，还没有改过，没有登记。", "单位改好后再登记。", "{book}: the returned copy of version {version}, untouched, not deposited"),
    # ---- review ----------------------------------------------------------------------
    Code("REV101", "{unit} 现在是“{now}”，不能改为“{wanted}”。", "{advice}", "{unit}: {now} cannot become {wanted}"),
    Code("REV102", "{unit} {what}，没有写{need}。", "写上{need}再试。", "{unit}: {what} without {need}"),
    Code("REV103", "{unit} 的审核结论是“{grade}”，不能改为“{wanted}”。", "{consequence}要通过的，先改结论。", "{unit}: conclusion {grade} does not allow {wanted}"),
    Code("REV104", "{unit} 没有登记过{what}的报送件，{row}没有读入。", "先接收登记（jixiao deposit），再审核。", "{unit}: no filing of {what} in the archive"),
    Code("REV105", "{unit} 第 {seen} 版已“{state}”，又收到第 {version} 版，状态没有变。", "看过新版再定：仍同意的再选一次“审核通过”，要改的选“退回修改”，都写理由。", "{unit}: version {version} after version {seen} was passed"),
    Code("REV106", "{unit} 的{what}：本工作簿写“{stated}”（{by} {on}），历年数据库已由 {kept_by} {kept_on} 定为“{kept}”，没有改。", "两人商定后，在新生成的审核工作簿里改。", "{unit}: {what} {stated} against {kept}, kept"),
    Code("REV107", "{unit} 的{what}原为“{kept}”（{kept_by} {kept_on}），日期较晚的“{stated}”（{by} {on}）已代替它。", "有异议的，在新生成的审核工作簿里改回。", "{unit}: {what} {kept} replaced by later {stated}"),
    Code("REV108", "{book} 不能作审核工作簿读入：{why}。", "用 jixiao review make 重新生成，把意见抄过去再读。", "{book}: no review workbook: {why}"),
    Code("REV109", "{unit} 现行的是第 {version} 版，这个审核工作簿看的是旧版，状态没有改为“{wanted}”。", "拿到新版文件，重新生成审核工作簿，看过再定。", "{unit}: version {version} is newer than what the book shows, {wanted} not taken"),
    Code("REV110", "审核工作簿“{sheet}”第 {row} 行“{column}”填的“{stated}”不对。", "{advice}", "{sheet} row {row}: bad {column} {stated}"),
    Code("REV111", "“审核意见”第 {row} 行：{unit} 的问题 {code}（{place}）在第 {version} 版里已经没有了，意见照样记下。", "不需要再问单位的，清空这条意见。", "row {row}: finding {code} of {unit} is gone in version {version}"),
    Code("REV112", "审核工作簿“{sheet}”第 {row} 行认不出是哪个单位，没有读入。", "不要改灰色的格和隐藏列；补充意见写明名单里的单位名称或代码。", "{sheet} row {row}: unit not recognised"),
    Code("ARC107", "曾用代码 {old} 在历年数据库里已由 {other} 承接，没有改为 {new}。", "核对哪一家承接；登记错了的，用 jixiao archive rename {old} --forget 取消后再登记。", "{old} already leads to {other}, not to {new}"),
    Code("REV113", "历年数据库里没有{what}的报送件。", "先接收登记（jixiao deposit），或核对 --form、--year、--stage。", "archive has no filing of {what}"),
    Code("REV114", "{unit} 的 {book} 还没有接收登记，对它的审核存不进历年数据库。", "先执行 jixiao deposit，再生成审核工作簿。", "{unit}: {book} is not deposited"),
    # ---- the machine ------------------------------------------------------------------
    Code("SYS901", "程序出错，已停止，文件没有改动。记录在 {log}。", "把记录文件发给维护人员。", "unexpected error, log at {log}"),
    Code("SYS903", "{file} 不能写入：{why}", "关闭正在打开的文件，或换一个输出路径。", "{file}: cannot write: {why}"),
    Code("SYS905", "没有表样 {form}。", "用 jixiao forms 查看可用的表样。", "no form {form}"),
    Code("SYS906", "找不到 {file}。", "核对路径和文件名。", "{file} not found"),
    Code("SYS907", "表样 {form} 没有“{stage}”阶段。", "可用阶段：{stages}。", "form {form} has no stage {stage}"),
    Code("SYS908", "{what}不对：{stated}。", "{advice}", "bad {what}: {stated}"),
    Code("SYS909", "{what}", "改正 JIXIAO_PACKS 文件夹中的规则包，或移走它改用自带的规则包。", "rule pack: {what}"),
    Code("SYS910", "设置文件 {file} 第 {row} 行看不懂：{stated}。", "写成 名称 = 值；用 jixiao settings 查看可用的名称。", "settings {file} row {row}: {stated}"),
    Code("SYS911", "设置文件 {file} 读不出：{why}。", "检查权限，或移走它后用 jixiao settings 重新设置。", "settings {file}: {why}"),
    Code("SYS914", "没有装 {what}，不能写 {format} 文件。", "执行 pip install {what}，或改用 csv、xlsx。", "{what} is not installed, no {format}"),
    Code("SYS912", "集群 {scheduler} 用不了：{why}。", "{advice}", "cluster {scheduler} cannot be used: {why}"),
    Code("SYS913", "集群的 {where} {found}，本机是 {wanted}，读出来的会不一样，没有读。", "请管理员在集群各台装与本机相同的本程序（同一版本、同一份代码），重新启动后再运行；也可以去掉 --scheduler，就在本机读。", "cluster: {where}: {found}, here {wanted}"),
    # ---- jixiao doctor ------------------------------------------------------------------
    Code("DOC101", "Python 是 {found}，太旧。", "装 Python {wanted} 或更新的版本，再重装本程序。", "Python {found} is older than {wanted}"),
    Code("DOC102", "没有装 xlwings，Excel 里的按钮用不了。", "执行 pip install xlwings=={wanted}。", "xlwings is missing, {wanted} is wanted"),
    Code("DOC103", "xlwings 是 {found}，表样里的宏要 {wanted}。", "执行 pip install xlwings=={wanted}，再重新打开 Excel。", "xlwings {found}, macros of {wanted}"),
    Code("DOC104", "找不到 {file}，自定义函数（JX_…）用不了。", "执行 pip install --force-reinstall xlwings=={wanted}。", "{file} not found, no UDFs"),
    Code("DOC105", "没有找到 Excel，按钮用不了。", "校验、汇总对保存好的文件用 jixiao menu 或命令，结果一样；填表用 WPS 也行。", "no Excel found"),
    Code("DOC106", "本机有 WPS：按钮在 WPS 里不能用，表样照常能填。", "校验、汇总对保存好的文件用 jixiao menu 或命令，结果一样。", "WPS found: no buttons there"),
    Code("DOC107", "按钮还没有装进 Excel。", "要用按钮的，退出 Excel，执行 jixiao excel install。", "add-in not installed"),
    Code("DOC108", "装在 Excel 里的文件缺了或不是现在这一版：{files}。", "退出 Excel，执行 jixiao excel install。", "stale or missing: {files}"),
    Code("DOC109", "Excel 要用的 Python 不存在：{found}。", "退出 Excel，执行 jixiao excel install，改用 {wanted}。", "interpreter {found} is gone"),
    Code("DOC110", "历年数据库 {archive} 在共享文件夹里，几个人同时写会损坏。", "放到本机磁盘，或用 PostgreSQL；用 jixiao settings ARCHIVE 改地址。", "SQLite archive on a share: {archive}"),
    Code("DOC111", "设置 {name} 指的 {stated} 不存在。", "用 jixiao settings {name} 改正。", "setting {name}: {stated} does not exist"),
    Code("SYS904", "{file} 已存在，没有覆盖。", "换一个文件名，或先移走旧文件。", "{file} exists, not overwritten"),
)  # fmt: skip

CATALOGUE: dict[str, Code] = {entry.id: entry for entry in _ENTRIES}
