import { createHash } from 'node:crypto'

/** Within the page, so that a printer's program needs nothing beside it. */
export const slipStyle = `
@page roll { size: 80mm 240mm; margin: 3mm }
@page sheet { size: A4; margin: 15mm }
* { box-sizing: border-box; margin: 0; padding: 0 }
html { background: #fff; color: #000 }
body { font: 11pt/1.45 SimSun, "Songti SC", "Noto Serif CJK SC", serif; font-variant-numeric: tabular-nums }
body.roll { page: roll; width: 74mm; font-size: 9.5pt; line-height: 1.4; margin: 0 auto }
body.a4 { page: sheet; max-width: 180mm; margin: 0 auto }
h1 { font: bold 1.25em/1.35 SimHei, "Heiti SC", "Noto Sans CJK SC", sans-serif; text-align: center; margin-bottom: .5em }
h1 small { display: block; font-size: .8em; font-weight: normal }
.state { border: .5mm solid #000; font: bold 1.2em/1 SimHei, "Noto Sans CJK SC", sans-serif; text-align: center; padding: .35em; margin: .4em 0 }
.state.whole { border-style: none }
dl div { display: flex; gap: .6em; border-bottom: .1mm solid #999; padding: .12em 0 }
dt { flex: 0 0 5.2em }
dd { flex: 1; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse; margin: .8em 0; font-size: .82em }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: .1mm solid #444; padding: .15em .4em; text-align: left; vertical-align: top }
th { font-family: SimHei, "Noto Sans CJK SC", sans-serif; font-weight: bold; white-space: nowrap }
td.name { overflow-wrap: anywhere; width: 47%; font-size: .92em }
td.figure { text-align: right; white-space: nowrap }
.code { font-family: Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace; font-size: .92em; overflow-wrap: anywhere }
.ledger { display: flex; gap: 1em; align-items: center; margin: .7em 0; break-inside: avoid }
body.roll .ledger { flex-direction: column; gap: .4em }
.ledger svg { width: 36mm; height: 36mm; flex: none }
.ledger dl { flex: 1; width: 100% }
.remark::before { content: "※ " }
.limit { margin: .6em 0; font-weight: bold }
.sign { display: flex; gap: 2em; margin-top: 1.4em; break-inside: avoid }
.sign span { flex: 1; white-space: nowrap }
.sign span.line { border-bottom: .2mm solid #000 }
body.roll .sign { flex-direction: column; gap: 1em }
`

const hash = createHash('sha256').update(slipStyle, 'utf8').digest('base64')

/** The policy of the slip as a page: its own style, nothing else. */
export const slipStylePolicy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
