import encodeQR from 'qr'
import type { DetailsOf } from '../../custody/events/kinds.ts'
import { eventOf } from '../../custody/events/read.ts'
import type { ReceiptState } from '../../custody/receipts/receipt-state.ts'
import { type Html, html, trusted } from '../../foundation/http/html.ts'
import { plain } from '../../foundation/plain-text.ts'
import { storeNames } from '../../foundation/store/store.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { ProvenEvent } from '../../ledger/log/disclosed-event.ts'
import { type Language, type ReceiptWords, reasons, words } from './words.ts'

type Details = DetailsOf<'receipt.issued'>

/** What is said of a recording beside its receipt: who used the device and how the file came to the dock. */
export interface ReceiptRecording {
  readonly id: string
  readonly user: { readonly name: string } | null
  readonly userGradeWords: Readonly<Record<Language, string>>
  readonly origin: { readonly words: Readonly<Record<Language, string>>; readonly from: string | null } | null
}

/** The receipt of a recording as one page of A4, Chinese first. `hasWitnesses` as in receipt-state.ts. */
export function receiptPage(
  state: ReceiptState,
  options: { recording: ReceiptRecording; language: Language; origin: string; hasWitnesses: boolean },
): string {
  const { recording, language, origin, hasWitnesses } = options
  const w = words[language]
  const other = language === 'zh' ? '?lang=en' : '?lang=zh'
  const content =
    state.state === 'not_yet'
      ? html`<section><dl>${row(w.recording, recording.id, 'code')}${cameBy(recording, language)}</dl></section>`
      : receiptBody(state.receipt, origin, { w, cameBy: cameBy(recording, language) })
  return `<!doctype html>\n${
    html`<html lang="${w.htmlLanguage}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/receipt/receipt.css">
<script src="/receipt/print.js" defer></script>
</head>
<body class="${state.state}">
<nav><a href="${other}" lang="${language === 'zh' ? 'en' : 'zh-CN'}">${w.other}</a> <button type="button" id="print">${w.print}</button></nav>
<main>
<header><h1>${w.title}</h1><p class="state">${w[state.state]}</p></header>
<p class="says">${saysOf(state, { language, hasWitnesses })}</p>
${content}
</main>
</body>
</html>
`.html
  }`
}

/** What the QR code holds: a line each for format, log, index, leaf hash (hex), size, root (base64). */
export function qrText(receipt: ProvenEvent, origin: string): string {
  const { index, leafHash, checkpoint } = receipt
  return `receipt/v1\n${origin}\n${index}\n${leafHash}\n${checkpoint.size}\n${checkpoint.root}\n`
}

function saysOf(state: ReceiptState, options: { language: Language; hasWitnesses: boolean }): string {
  const w = words[options.language]
  if (state.state === 'not_yet') return `${w.notYetText} ${reasons[options.language][state.reason]}`
  if (state.state === 'witnessed') return w.witnessedText
  return options.hasWitnesses ? w.provisionalText : `${w.provisionalText} ${w.noWitnesses}`
}

function cameBy({ user, userGradeWords, origin }: ReceiptRecording, language: Language): Html {
  const w = words[language]
  const within = (text: string, more: string) =>
    w.withMore.replace(/\{(text|more)\}/g, (_, name) => (name === 'text' ? text : more))
  const grade = userGradeWords[language]
  const how = origin?.words[language] ?? w.originUnstated
  return html`${row(w.user, user ? within(user.name, grade) : grade)}
${row(w.origin, origin?.from ? within(how, origin.from) : how)}`
}

function receiptBody(receipt: ProvenEvent, origin: string, shown: { w: ReceiptWords; cameBy: Html }): Html {
  const { w } = shown
  const body = bodyOrNull(receipt.body)
  const issued = body && eventOf(body, 'receipt.issued')
  if (!issued) return html`<section><p class="warning">${w.unreadable}</p></section>`
  const { details, at, subjects } = issued
  const { checkpoint } = receipt
  const idOf = (type: string) => subjects.find((subject) => subject.type === type)?.id ?? w.unknown
  const qr = trusted(encodeQR(qrText(receipt, origin), 'svg', { ecc: 'medium', border: 2 }))
  return html`<section><h2>${w.file}</h2><dl>
${row(w.fileName, details.name.text)}
${row(w.bytes, `${new Intl.NumberFormat('en').format(details.bytes)} ${w.byteUnit}`)}
${row('SHA-256', details.sha256, 'code')}
${row('SM3', details.sm3, 'code')}
${row(w.device, details.device, 'code')}
${row(w.deviceTime, deviceTimeOf(details, w))}
${row(w.clockOffset, offsetOf(details.clockOffsetMs, w))}
${row(w.marked, details.mark ? w.yes : w.no)}
${shown.cameBy}
${row(w.handIn, handInOf(details, w), 'code')}
${row(w.dock, idOf('dock'), 'code')}
${row(w.recording, idOf('recording'), 'code')}
</dl></section>
${copiesOf(details, w)}
<section class="ledger"><div><h2>${w.ledger}</h2><dl>
${row(w.event, receipt.id, 'code')}
${row(w.issued, `${entry(receipt.index, w)} · ${timeOf(at, w)}`)}
${row(w.sealed, `${entry(details.sealedIndex, w)} · ${timeOf(details.sealedAt, w)}`)}
${row(w.secured, `${entry(details.securedIndex, w)} · ${timeOf(details.securedAt, w)}`)}
${row(w.leaf, receipt.leafHash, 'code')}
${row(w.size, String(checkpoint.size))}
${row(w.root, checkpoint.root, 'code')}
${row(w.checkpointAt, timeOf(checkpoint.at.toISOString(), w))}
${row(w.witnessedAt, checkpoint.witnessedAt ? timeOf(checkpoint.witnessedAt.toISOString(), w) : w.notYet)}
</dl></div>
<figure>${qr}<figcaption>${w.qr}</figcaption></figure></section>
<footer><p>${w.check}</p><p>${w.zone} ${origin}</p></footer>`
}

function copiesOf(details: Details, w: ReceiptWords): Html {
  const copies = storeNames.flatMap((name) => {
    const copy = details.copies.find(({ store }) => store === name)
    if (!copy) return []
    const { host, versionId, verifiedAt } = copy
    return html`<tr><td class="name">${w[name]}</td><td>${host}</td><td class="code">${versionId}</td><td>${timeOf(verifiedAt, w)}</td></tr>`
  })
  const [onlyHost = ''] = details.hostNames
  const hosts =
    details.hosts === 1
      ? html`<p class="warning">${w.oneHost.replace('{name}', onlyHost)}</p>`
      : html`<p>${w.hosts.replace('{n}', String(details.hosts))}</p>`
  return html`<section><h2>${w.copies}</h2><table>
<thead><tr><th>${w.store}</th><th>${w.host}</th><th>${w.version}</th><th>${w.readBack}</th></tr></thead>
<tbody>${copies}</tbody></table>${hosts}</section>`
}

function row(name: string, value: string, kind: 'plain' | 'code' = 'plain'): Html {
  return html`<div><dt>${name}</dt><dd class="${kind}">${plain(value)}</dd></div>`
}

function handInOf({ handIn }: Details, w: ReceiptWords): string {
  return handIn ? `${handIn.id} · ${w.line.replace('{n}', String(handIn.line + 1))}` : w.noHandIn
}

function entry(index: number | null, w: ReceiptWords): string {
  return index === null ? w.unknown : w.entry.replace('{n}', String(index))
}

function offsetOf(ms: number | null, w: ReceiptWords): string {
  if (ms === null) return w.unknown
  return `${ms > 0 ? '+' : ''}${(ms / 1000).toFixed(1)} ${w.seconds}`
}

/** What the device's clock said; never the moment of the hand-in. */
function deviceTimeOf({ deviceTime, deviceTimeText, flags }: Details, w: ReceiptWords): string {
  if (deviceTime === null && deviceTimeText) return w.noSuchTime.replace('{text}', deviceTimeText)
  const text = timeOf(deviceTime, w)
  return flags.includes('clock_implausible') ? w.implausible.replace('{time}', text) : text
}

/** Beijing time, as the bureau's clocks show it. */
function timeOf(iso: string | null, w: ReceiptWords): string {
  if (iso === null) return w.unknown
  const beijing = new Date(Date.parse(iso) + 8 * 60 * 60_000)
  return beijing.toISOString().slice(0, 19).replace('T', ' ')
}
