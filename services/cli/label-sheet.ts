import encodeQR from 'qr'
import { deviceKindName } from '../custody/packages/report/words.ts'
import { deviceLabel } from '../foundation/device-label.ts'
import { type Html, html, trusted } from '../foundation/http/html.ts'
import { plain } from '../foundation/plain-text.ts'

/** A device of the register, as its label shows it. */
export interface LabelledDevice {
  readonly serial: string
  readonly kind: string
  readonly model: string | null
}

/** Labels of 70 × 37 mm, 24 on a sheet of A4, as office suppliers sell them; millimetres. */
export const labelSheet = { columns: 3, rows: 8, width: 70, height: 37, top: 0.5 } as const
export const labelsOnSheet = labelSheet.columns * labelSheet.rows

/** What stands beside the code. */
export function labelTexts({ serial, kind, model }: LabelledDevice): { name: string; serial: string; code: string } {
  return { name: [deviceKindName(kind), model].filter(Boolean).join(' '), serial, code: deviceLabel(serial) }
}

const style = `
@page { size: A4; margin: 0 }
* { box-sizing: border-box; margin: 0; padding: 0 }
html { background: #fff; color: #000 }
body { font: 9pt/1.35 SimHei, "Noto Sans CJK SC", sans-serif; width: 210mm }
section { display: grid; grid-template-columns: repeat(3, 70mm); grid-auto-rows: 37mm; padding-top: .5mm; height: 297mm; break-after: page }
section:last-child { break-after: auto }
article { display: flex; gap: 2.5mm; align-items: center; padding: 4mm 4mm 4mm 5mm; overflow: hidden }
svg { width: 27mm; height: 27mm; flex: none }
div { overflow: hidden }
.name { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden }
.serial { font-size: 13pt; font-weight: bold; overflow-wrap: anywhere; max-height: 2.7em; overflow: hidden }
.code { font: 6.5pt/1.3 Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace; overflow-wrap: anywhere; max-height: 2.6em; overflow: hidden }
`

/** The labels as one page of HTML without anything beside it, a sheet of A4 each 24. */
export function labelPage(devices: readonly LabelledDevice[]): string {
  const sheets = Array.from({ length: Math.ceil(devices.length / labelsOnSheet) }, (_, sheet) =>
    devices.slice(sheet * labelsOnSheet, (sheet + 1) * labelsOnSheet),
  )
  const page = html`<html lang="zh-CN">
<head><meta charset="utf-8"><title>设备标签</title><style>${trusted(style)}</style></head>
<body>${sheets.map((one) => html`<section>${one.map(label)}</section>`)}</body>
</html>
`
  return `<!doctype html>\n${page.html}`
}

function label(device: LabelledDevice): Html {
  const { name, serial, code } = labelTexts(device)
  return html`<article>${trusted(encodeQR(code, 'svg', { ecc: 'medium', border: 2 }))}<div>
<p class="name">${plain(name)}</p><p class="serial"><bdi>${plain(serial)}</bdi></p><p class="code"><bdi>${plain(code)}</bdi></p></div></article>
`
}
