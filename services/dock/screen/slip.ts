import encodeQR from 'qr'
import { type Html, html, trusted } from '../../foundation/http/html.ts'
import { plain } from '../../foundation/plain-text.ts'
import type { SlotFile, SlotGap } from './schemas.ts'
import { slipStyle } from './slip-style.ts'
import { gapReasonWords, type SlipRemark, slipReceiptWords, slipRemarks } from './slip-words.ts'

/** What the paper of a hand-in says. Times are milliseconds since 1970. */
export interface Slip {
  /** `roll` for a printer with paper of 80 mm: a summary. `a4` lists every file. */
  readonly form: 'roll' | 'a4'
  readonly bureau: string
  readonly station: string
  readonly slot: number
  readonly printedAt: number
  /** Printed before: the paper says 补打. */
  readonly isReprint: boolean
  readonly handInId: string
  readonly insertedAt: number
  readonly person: { readonly name: string; readonly number: string | null } | null
  readonly device: { readonly serial: string; readonly model: string | null }
  /** The device's clock less the station's, before anything set it; null when it could not be measured. */
  readonly clockOffsetMs: number | null
  readonly files: readonly SlipFile[]
  readonly gaps: readonly Pick<SlotGap, 'kind' | 'lengthMs' | 'missingNumbers' | 'explained'>[]
  /** Taken in an emergency: how many files follow, and until when. */
  readonly remaining: { readonly files: number; readonly until: number | null } | null
  /** Where the three copies lie; empty until there is a receipt. */
  readonly hosts: readonly string[]
  readonly ledger: SlipLedger | null
  readonly remarks: readonly SlipRemark[]
}

export interface SlipFile {
  readonly number: number
  readonly name: string
  readonly bytes: number
  readonly mark: boolean
  /** Hex; null until it was read. */
  readonly sha256: string | null
  readonly receipt: SlotFile['receipt']
}

/** Where the hand-in's receipts stand in the ledger; leaf and proof are those of the last of them. */
export interface SlipLedger {
  readonly firstIndex: number
  readonly lastIndex: number
  /** Hex. */
  readonly leafHash: string
  readonly size: number
  /** Base64, as a checkpoint has it. */
  readonly root: string
  /** Page of the bureau that checks a receipt (`https://…/check`): what the code opens. */
  readonly checkAddress: string
}

/** The slip of a hand-in as one page of HTML without anything beside it: for a printer's program, or a browser. */
export function slipPage(slip: Slip): string {
  const isWhole = slip.files.length > 0 && slip.files.every(({ receipt }) => receipt === 'witnessed')
  const sheet = slip.form === 'a4' ? fileTable(slip.files) : []
  const page = html`<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>交存回执 ${slip.handInId}</title>
<style>${trusted(slipStyle)}</style></head>
<body class="${slip.form}">
<main>
<h1><small>${plain(slip.bureau)}</small>执法音像资料交存回执${slip.isReprint ? '（补打）' : ''}</h1>
<p class="${isWhole ? 'state whole' : 'state'}">${isWhole ? '已外部见证' : '临时'}</p>
<dl>${facts(slip)}</dl>
${sheet}
${slip.ledger ? ledgerPart(slip.ledger) : []}
${slip.remarks.map((remark) => html`<p class="remark">${slipRemarks[remark]}</p>`)}
${slip.remaining ? remainingPart(slip.remaining) : []}
<p class="limit">本回执只证明交存以后未改动，不证明交存以前的情况。</p>
<p class="sign"><span class="line">交存人</span><span>接收：系统自动</span></p>
<p>${paperTime(slip.printedAt)}打印</p>
</main>
</body>
</html>
`
  return `<!doctype html>\n${page.html}`
}

/** What the code holds: an address whose fragment, which no server is sent, has index, leaf hash, size and root. */
export function slipCode({ checkAddress, lastIndex, leafHash, size, root }: SlipLedger): string {
  const rootInAddress = root.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return `${checkAddress}#receipt/v2/${lastIndex}/${leafHash}/${size}/${rootInAddress}`
}

function facts(slip: Slip): Html[] {
  const { files, person, device } = slip
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const marked = files.filter(({ mark }) => mark).length
  const counted = (receipt: SlipFile['receipt']) => files.filter((file) => file.receipt === receipt).length
  const receipts = (['witnessed', 'provisional', 'none', 'wrong'] as const)
    .map((receipt) => ({ receipt, count: counted(receipt) }))
    .filter(({ receipt, count }) => count > 0 || receipt === 'witnessed')
    .map(({ receipt, count }) => `${slipReceiptWords[receipt]} ${count}`)
  return [
    row('交存单', slip.handInId, 'code'),
    row('采集站', `${slip.station} ${slip.slot} 号槽`),
    row('放入时间', paperTime(slip.insertedAt)),
    row('当班使用人', person ? `${person.name}${person.number ? `（${person.number}）` : ''}` : '不明'),
    row('设备', `${device.serial}${device.model ? `（${device.model}）` : ''}`),
    row('设备时钟', clockWords(slip.clockOffsetMs)),
    row('文件', `${files.length} 个，${figure(bytes)} 字节${marked > 0 ? `，重点 ${marked} 个` : ''}`),
    row('回执', `${receipts.join('，')}，共 ${files.length}`),
    row('一存两备', hostsText(slip.hosts)),
    ...(slip.gaps.length > 0 ? [row('中断情况', gapWords(slip.gaps))] : []),
  ]
}

function fileTable(files: readonly SlipFile[]): Html {
  const lines = files.map(
    ({ number, name, bytes, mark, sha256, receipt }) => html`<tr><td class="figure">${number + 1}</td>
<td class="name"><bdi>${plain(name)}</bdi>${mark ? ' ⚑重点' : ''}</td><td class="figure">${figure(bytes)}</td>
<td class="code">${sha256 ? sha256.slice(0, 16) : '未读'}</td><td>${slipReceiptWords[receipt]}</td></tr>`,
  )
  return html`<table><thead><tr><th>序号</th><th>文件名</th><th>字节</th><th>SHA-256 前 16 位</th><th>回执</th></tr></thead>
<tbody>${lines}</tbody></table>`
}

function ledgerPart(ledger: SlipLedger): Html {
  const { firstIndex, lastIndex, size, root } = ledger
  const range =
    firstIndex === lastIndex ? `第 ${figure(firstIndex)} 条` : `第 ${figure(firstIndex)} 至 ${figure(lastIndex)} 条`
  const code = trusted(encodeQR(slipCode(ledger), 'svg', { ecc: 'medium', border: 2 }))
  return html`<section class="ledger">${code}<dl>
${row('流转日志', range)}${row('存证节点', `${figure(size)} 条`)}${row('根', root, 'code')}</dl></section>`
}

function remainingPart({ files, until }: NonNullable<Slip['remaining']>): Html {
  if (files === 0) return html`<p class="remark">紧急取用：文件已全部收下，无需补交。</p>`
  const term = until === null ? '按规定期限' : `于${paperTime(until)}前`
  return html`<p class="remark">紧急取用：余 ${files} 个文件待补交，请${term}放回任一采集站。</p>`
}

function row(name: string, value: string, kind: 'plain' | 'code' = 'plain'): Html {
  return html`<div><dt>${name}</dt><dd class="${kind}"><bdi>${plain(value)}</bdi></dd></div>`
}

function gapWords(gaps: Slip['gaps']): string {
  const explained = gaps.flatMap((gap) => (gap.explained ? [gapReasonWords[gap.explained.reason]] : []))
  const open = gaps.length - explained.length
  const reasons = [...new Set(explained)].join('、')
  return `${gaps.length} 处${reasons ? `，说明：${reasons}` : ''}${open > 0 ? `，待说明 ${open} 处` : ''}`
}

function clockWords(offsetMs: number | null): string {
  if (offsetMs === null) return '未能测得'
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  if (seconds === 0) return '与本站一致（校时前测得）'
  return `${offsetMs > 0 ? '快' : '慢'} ${figure(seconds)} 秒（校时前测得）`
}

function figure(count: number): string {
  return new Intl.NumberFormat('en').format(count)
}

/** `2026年11月26日17时58分`, by the time of Beijing, as an office writes it. */
function paperTime(ms: number): string {
  const [, year, month, day, hour, minute] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(
    new Date(ms + 8 * 3_600_000).toISOString(),
  )!
  return `${year}年${Number(month)}月${Number(day)}日${hour}时${minute}分`
}

/** Three copies on one host are lost together: whoever holds the slip is told. */
function hostsText(hosts: readonly string[]): string {
  if (hosts.length === 0) return '未完成'
  return hosts.length === 1 ? `${hosts[0]}（三份在同一台主机上）` : hosts.join('、')
}
