import encodeQR from 'qr'
import { gapReasonNames, statementKindNames } from '../../custody/events/hand-in-words.ts'
import { eventOf } from '../../custody/events/read.ts'
import type { HandInDetail, ListedFile } from '../../custody/hand-ins/hand-in-detail.ts'
import { type Html, html, trusted } from '../../foundation/http/html.ts'
import { plain } from '../../foundation/plain-text.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { ProvenEvent } from '../../ledger/log/disclosed-event.ts'
import { words } from './words.ts'

/** `roll` for a printer with paper of 80 mm: the sums; `a4` lists every file. */
export type SlipForm = 'a4' | 'roll'

interface ShownHandIn {
  readonly handIn: HandInDetail
  /** All of them. */
  readonly files: readonly ListedFile[]
  /** The last receipt of the hand-in, with its proof; null while there is none. */
  readonly lastReceipt: ProvenEvent | null
}

/** The slip (交存回执) of a whole hand-in, in Chinese. `address`: what browsers show, for the code. */
export function handInPage(shown: ShownHandIn, options: { form: SlipForm; printedAt: Date; address: string }): string {
  const { handIn, files, lastReceipt } = shown
  const { form, printedAt, address } = options
  const state = stateOf(files)
  const page = html`<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>交存回执 ${handIn.id}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/receipt/hand-in.css">
<script src="/receipt/print.js" defer></script>
</head>
<body class="${form}">
<nav><a href="?form=${form === 'a4' ? 'roll' : 'a4'}">${form === 'a4' ? '80 毫米小票' : 'A4 全表'}</a> <button type="button" id="print">${words.zh.print}</button></nav>
<main>
<h1>执法音像资料交存回执</h1>
<p class="state ${state}">${stateWords[state]}</p>
<dl>${factsOf(shown)}</dl>
${form === 'a4' ? fileTable(files) : []}
${lastReceipt ? ledgerPart(files, lastReceipt, address) : []}
${remarksOf(shown).map((remark) => html`<p class="remark">${remark}</p>`)}
<p class="limit">本回执只证明交存以后未改动，不证明交存以前的情况。</p>
<p class="sign"><span>交存人<i></i></span><span>接收：系统自动</span></p>
<p class="printed">${paperTime(printedAt.toISOString())}打印，时间为北京时间</p>
</main>
</body>
</html>
`
  return `<!doctype html>\n${page.html}`
}

/** What the code holds: an address whose fragment, which no server is sent, has index, leaf hash, size and root. */
export function slipCode({ index, leafHash, checkpoint }: ProvenEvent, address: string): string {
  const root = checkpoint.root.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return `${address}/check#receipt/v2/${index}/${leafHash}/${checkpoint.size}/${root}`
}

type SlipState = 'witnessed' | 'provisional' | 'incomplete'

/** `witnessed` where the dock may clear every file. */
function stateOf(files: readonly ListedFile[]): SlipState {
  if (files.some(({ receipt }) => receipt.state === 'not_yet')) return 'incomplete'
  return files.some(({ receipt }) => receipt.state === 'provisional') ? 'provisional' : 'witnessed'
}

const stateWords: Readonly<Record<SlipState, string>> = {
  witnessed: '已外部见证',
  provisional: '临时',
  incomplete: '临时（回执未全部出具）',
}

const receiptWords = { not_yet: '未出具', provisional: '临时', witnessed: '已外部见证' } as const

function factsOf({ handIn, files, lastReceipt }: ShownHandIn): Html[] {
  const { dock, user, userGradeWords, deviceSerial, clockOffsetMs, origin } = handIn
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const marked = files.filter(({ mark }) => mark).length
  const counted = (['witnessed', 'provisional', 'not_yet'] as const).flatMap((state) => {
    const count = files.filter(({ receipt }) => receipt.state === state).length
    return count > 0 || state === 'witnessed' ? [`${receiptWords[state]} ${figure(count)}`] : []
  })
  const how = origin ? `${origin.words.zh}${origin.from ? `（${origin.from}）` : ''}` : words.zh.originUnstated
  return [
    row('交存单', handIn.id, 'code'),
    row('采集站', dock.name),
    row('交存时间', paperTime(handIn.openedAt)),
    row('当班使用人', user ? `${user.name}（${userGradeWords.zh}）` : userGradeWords.zh),
    row('设备', deviceSerial),
    row('设备时钟', clockWords(clockOffsetMs)),
    row('采集方式', how),
    row('文件', `${figure(files.length)} 个，${figure(bytes)} 字节${marked > 0 ? `，重点 ${figure(marked)} 个` : ''}`),
    row('回执', `${counted.join('，')}，共 ${figure(files.length)}`),
    row('一存两备', hostsOf(lastReceipt)),
    ...gapRow(handIn),
    ...handIn.statementsSaid.map(({ kind, lineNumbers, words: said }) =>
      row('交存人陈述', `${statementKindNames[kind]}：${linesText(lineNumbers)}${said ? `，${said}` : ''}`),
    ),
  ]
}

function gapRow({ gapsFound }: HandInDetail): Html[] {
  if (gapsFound.length === 0) return []
  const given = gapsFound.flatMap(({ explanations }) => explanations.map(({ reason }) => gapReasonNames[reason]))
  const open = gapsFound.filter(({ state }) => state === 'open' || state === 'returned').length
  const reasons = [...new Set(given)].join('、')
  const said = reasons ? `，说明：${reasons}` : ''
  return [row('中断情况', `${gapsFound.length} 处${said}${open > 0 ? `，待说明 ${open} 处` : ''}`)]
}

function remarksOf({ handIn, files }: ShownHandIn): string[] {
  const quarantined = files.filter(({ state }) => state === 'quarantined').length
  const expected = files.filter(({ state }) => state === 'expected').length
  const corrected = handIn.corrections.find(({ confirmed }) => confirmed === true)
  const changes = [
    corrected?.deviceSerial && `设备为${corrected.deviceSerial}`,
    corrected?.user && `当班使用人为${corrected.user.name}`,
  ].filter((one) => typeof one === 'string')
  return [
    ...(expected > 0 ? [`${expected} 个文件尚未收到，请把设备重新放上采集站。`] : []),
    ...(quarantined > 0 ? [`${quarantined} 个文件待核实，设备请勿清空。`] : []),
    ...(changes.length > 0 ? [`经核对更正：${changes.join('，')}。交存单原载不变。`] : []),
  ]
}

function fileTable(files: readonly ListedFile[]): Html {
  const lines = files.map(
    ({ number, name, bytes, mark, sha256, receipt }) => html`<tr><td class="figure">${number + 1}</td>
<td class="name"><bdi>${plain(name.text)}</bdi>${mark ? ' ⚑重点' : ''}</td><td class="figure">${figure(bytes)}</td>
<td class="code">${sha256 ? sha256.slice(0, 16) : '未读'}</td><td>${receiptWords[receipt.state]}</td></tr>`,
  )
  return html`<table><thead><tr><th>序号</th><th>文件名</th><th>字节</th><th>校验值 SHA-256（前 16 位）</th><th>回执</th></tr></thead>
<tbody>${lines}</tbody></table>`
}

function ledgerPart(files: readonly ListedFile[], last: ProvenEvent, address: string): Html {
  const indexes = files.flatMap(({ receipt }) => receipt.index ?? [])
  const [first, end] = [Math.min(...indexes), Math.max(...indexes)]
  const range = first === end ? `第 ${figure(first)} 条` : `第 ${figure(first)} 至 ${figure(end)} 条`
  const code = trusted(encodeQR(slipCode(last, address), 'svg', { ecc: 'medium', border: 2 }))
  return html`<section class="ledger">${code}<dl>
${row('流转日志', range)}${row('存证节点', `${figure(last.checkpoint.size)} 条`)}${row('根', last.checkpoint.root, 'code')}</dl></section>`
}

function hostsOf(receipt: ProvenEvent | null): string {
  const body = receipt && bodyOrNull(receipt.body)
  const issued = body && eventOf(body, 'receipt.issued')
  return issued ? issued.details.hostNames.join('、') : '未完成'
}

function row(name: string, value: string, kind: 'plain' | 'code' = 'plain'): Html {
  return html`<div><dt>${name}</dt><dd class="${kind}"><bdi>${plain(value)}</bdi></dd></div>`
}

/** Lines as people count them, from 1. */
function linesText(numbers: readonly number[]): string {
  if (numbers.length === 0) return '全部文件'
  const shown = numbers.slice(0, 12).map((number) => number + 1)
  return `第 ${shown.join('、')}${numbers.length > shown.length ? ` 等 ${numbers.length}` : ''} 个文件`
}

function clockWords(offsetMs: number | null): string {
  if (offsetMs === null) return '未能测得'
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  return seconds === 0 ? '与采集站一致' : `${offsetMs > 0 ? '快' : '慢'} ${figure(seconds)} 秒（校时前测得）`
}

function figure(number: number): string {
  return new Intl.NumberFormat('en').format(number)
}

/** `2026年11月26日17时58分`, in Beijing time. */
function paperTime(iso: string): string {
  const beijing = new Date(Date.parse(iso) + 8 * 60 * 60_000).toISOString()
  const [year, month, day, hour, minute] = beijing.split(/[-T:]/)
  return `${year}年${month}月${day}日${hour}时${minute}分`
}
