import { printable } from '../report-text.ts'

/** The report as elements. Everything goes in as text: nothing of a package is ever read as markup. */
export function renderReport(report, say) {
  const result = make('p', { className: `result ${report.accepted ? 'accepted' : 'rejected'}`, role: 'status' })
  result.append(
    make('span', { className: 'sign', ariaHidden: 'true' }, report.accepted ? '✔' : '✘'),
    printable(report.result),
  )
  return [
    make('h2', {}, report.title),
    result,
    ...(report.remarks.length > 0 ? [remarkList(report.remarks, say)] : []),
    ...report.existence.map((sentence) => make('p', { className: 'existence' }, sentence)),
    ...(report.faults.length > 0 ? [make('h3', {}, say('findings')), faultList(report.faults, say)] : []),
    ...[...report.facts, report.limits].map(section),
  ]
}

function faultList(faults, say) {
  const list = make('ol', { className: 'faults' })
  for (const { code, what, means, places, more } of faults) {
    const item = make('li')
    item.append(
      make('strong', {}, what),
      ' ',
      make('code', {}, code),
      make('p', {}, means),
      placeList(places, more, say),
    )
    list.append(item)
  }
  return list
}

function remarkList(remarks, say) {
  const list = make('ol', { className: 'remarks' })
  for (const { code, what, means, places, more } of remarks) {
    const item = make('li')
    item.append(make('strong', {}, `▲ ${what}`), ' ', make('code', {}, code), make('p', {}, means))
    const about = places.map((where) => ({ where, detail: '' }))
    if (about.length > 0) item.append(placeList(about, more, say))
    list.append(item)
  }
  return list
}

function placeList(places, more, say) {
  const list = make('ul')
  for (const { where, detail } of places) {
    const item = make('li')
    item.append(make('code', {}, where))
    if (detail !== '') item.append(make('span', { className: 'detail' }, detail))
    list.append(item)
  }
  if (more > 0) list.append(make('li', {}, say('more').replace('{n}', more)))
  return list
}

function section({ title, rows }) {
  const whole = make('section')
  whole.append(make('h3', {}, title))
  const isList = rows.every(({ label }) => label === null)
  const list = make(isList ? 'ul' : 'dl')
  for (const { label, text } of rows) {
    if (isList) list.append(make('li', {}, text))
    else list.append(make('dt', {}, label ?? ''), make('dd', {}, text))
  }
  whole.append(list)
  return whole
}

function make(name, properties = {}, text = '') {
  const made = Object.assign(document.createElement(name), properties)
  if (properties.role) made.setAttribute('role', properties.role)
  if (text !== '') made.append(printable(String(text)))
  return made
}
