/** What findings say oftenest for experts, and the same in Chinese; `$1` is what stands in the place of the first `(…)`. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^it is not there$/, '文件不在材料内'],
  [/^it has SHA-256 (\w+), the manifest says (\w+)$/, '文件的 SHA-256 为 $1，清单所列为 $2'],
  [
    /^(\d+) bytes with SHA-256 (\w+); sealed were (\d+) bytes with (\w+)$/,
    '文件为 $1 字节、SHA-256 $2；固定入库的为 $3 字节、SHA-256 $4',
  ],
  [/^it is in no manifest$/, '不在任何清单内'],
  [/^the format has no such file$/, '本格式没有这样的文件'],
  [/^it was entered, and is not there$/, '流转日志登记了此文件，材料内没有'],
  [/^it was not entered$/, '流转日志没有登记此文件'],
  [/^(\d+) bytes of SHA-256 (\w+) were entered$/, '流转日志登记的为 $1 字节、SHA-256 $2'],
  [/^it is not what the event of leaf (\d+) says$/, '与第 $1 条流转事件所登记的不符'],
  [/^an event about (.+)$/, '涉及 $1 的流转事件'],
  [/^named by (.+), but its secret is not disclosed$/, '$1 提到它，但其密值未出示'],
  [/^its time (\S+) is before (\S+) of leaf (\d+)$/, '所记时间 $1 早于第 $3 条的 $2'],
  [/^it has no statement of what was signed$/, '没有所签内容的陈述'],
  [/^whoever signed it had put it up himself$/, '签署人就是提出人'],
  [/^no event puts its object up for signature$/, '没有提出该事项的流转事件'],
  [/^no second person had released its dock$/, '采集站未经另一人复核启用'],
  [/^the dock that was registered did not sign its list$/, '交存单不是所登记的采集站签的'],
  [
    /^the dock did not sign this digest of line (\d+) of hand-in (.+)$/,
    '采集站没有为交存单 $2 第 $1 行的文件签署这一校验值',
  ],
  [/^valid cosignatures: none$/, '没有有效的外部见证签名'],
  [/^valid cosignatures: (.+)$/, '有效的外部见证签名：$1'],
  [/^the cosignature of (\S+) is wrong$/, '$1 的外部见证签名有误'],
  [/^it does not follow from package\.json$/, '与 package.json 不一致'],
  [/^its members are not those of the format$/, '内容项与本格式不符'],
]

/** A finding's detail in Chinese, part by part; what has no Chinese stays in English. */
export function detailInChinese(detail: string): string {
  const whole = translated(detail)
  return (
    whole ??
    detail
      .split('; ')
      .map((part) => translated(part) ?? part)
      .join('；')
  )
}

function translated(text: string): string | null {
  const known = chinese.find(([pattern]) => pattern.test(text))
  return known ? text.replace(...known) : null
}
