import { prepareHashers } from '../bundle/crypto-browser.ts'
import { verifySource } from '../open-source.ts'
import { describeReport } from '../report-words.ts'
import { openZip } from '../source-zip.ts'
import { parseTrust } from '../trust.ts'
import { renderReport } from './render.js'
import { words } from './words.js'

const element = (id) => document.getElementById(id)
const state = { language: 'zh', package: null, trust: null, done: null, isBusy: false }
const say = (name) => words[name][state.language]

/** The trust file comes by hand only: never out of the package. */
async function takeTrust(file) {
  state.trust = new Uint8Array(await file.arrayBuffer())
  element('trust-name').textContent = file.name
  element('trust-text').value = ''
  settle()
}

function takePackage(file) {
  state.package = file
  element('package-name').textContent = `${file.name} (${file.size.toLocaleString('en')} B)`
  settle()
}

function settle() {
  element('problem').hidden = true
  element('start').disabled = state.isBusy || !state.package || !state.trust
}

async function start() {
  if (state.isBusy || !state.package || !state.trust) return
  state.isBusy = true
  settle()
  element('progress').hidden = false
  try {
    await verify(state.package, state.trust)
  } catch (error) {
    element('problem').textContent = `${say('unreadable')}${error.message}`
    element('problem').hidden = false
  } finally {
    state.isBusy = false
    element('progress').hidden = true
    element('start').disabled = false
  }
}

async function verify(file, trustBytes) {
  if (await isEncrypted(file)) throw new Error(say('encrypted'))
  const trust = parseTrust(new TextDecoder().decode(trustBytes))
  await prepareHashers()
  const bytes = {
    bytes: file.size,
    readAt: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  }
  const report = await verifySource(() => openZip(bytes), trust, { onProgress: showProgress })
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', trustBytes))
  const trustSha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  state.done = { report, checkedAt: new Date(), trustSha256, packageName: file.name }
  showReport()
  element('report').focus()
}

async function isEncrypted(file) {
  return (await file.slice(0, 21).text()) === 'age-encryption.org/v1'
}

let shownAtMs = 0
function showProgress(bytes, ofBytes) {
  if (performance.now() - shownAtMs < 100) return
  shownAtMs = performance.now()
  const part = ofBytes === 0 ? 1 : bytes / ofBytes
  element('bar').value = part
  element('progress-text').textContent = `${say('reading')} ${Math.floor(part * 100)}%`
}

function showReport() {
  const { report, ...checking } = state.done
  const described = describeReport(report, { ...checking, program: say('program') }, state.language)
  const shown = element('report')
  shown.replaceChildren(...renderReport(described, say))
  shown.dataset.accepted = String(report.accepted)
  shown.dataset.codes = report.codes.join(' ')
  shown.dataset.remarks = report.remarks.map(({ code }) => code).join(' ')
  shown.hidden = false
  element('after').hidden = false
  element('asking').hidden = true
}

function again() {
  state.package = null
  state.done = null
  element('package-file').value = ''
  element('package-name').textContent = ''
  element('report').hidden = true
  element('after').hidden = true
  element('asking').hidden = false
  settle()
  element('package-file').focus()
}

function setLanguage(language) {
  state.language = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = say('title')
  for (const one of document.querySelectorAll('[data-words]')) one.textContent = say(one.dataset.words)
  element('language').textContent = say('language')
  element('language').lang = language === 'zh' ? 'en' : 'zh-CN'
  if (state.done) showReport()
}

/** Files dropped anywhere on the page are told apart by their names. */
async function takeDropped(files) {
  if (state.isBusy || state.done) return
  for (const file of files) {
    if (/\.json$/i.test(file.name)) await takeTrust(file)
    else takePackage(file)
  }
}

element('package-file').addEventListener('change', ({ target }) => target.files[0] && takePackage(target.files[0]))
element('trust-file').addEventListener('change', ({ target }) => target.files[0] && takeTrust(target.files[0]))
element('trust-text').addEventListener('input', ({ target }) => {
  state.trust = target.value.trim() === '' ? null : new TextEncoder().encode(target.value)
  element('trust-name').textContent = ''
  settle()
})
element('start').addEventListener('click', start)
element('again').addEventListener('click', again)
element('print').addEventListener('click', () => window.print())
element('language').addEventListener('click', () => setLanguage(state.language === 'zh' ? 'en' : 'zh'))
document.addEventListener('dragover', (event) => event.preventDefault())
document.addEventListener('drop', (event) => {
  event.preventDefault()
  takeDropped([...event.dataTransfer.files])
})
setLanguage('zh')
