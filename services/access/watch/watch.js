// The page on which the custodian looks, until the console exists.

import { filmText, sizeText, timeText } from './amounts.js'
import { rowOf } from './list.js'
import { drawNotices } from './notices.js'
import { play } from './player.js'
import { flagSentences, originText, recordedText, stateText, userText } from './recorded.js'
import { furtherTracksSentences, mayBeViewed, renditionSentences, renditionText } from './rendition.js'
import { request } from './request.js'
import { openSkipped } from './skipped.js'
import { failureText, speak, switchLanguage, word } from './words.js'

/** What the server demands. */
const purposeCharactersMin = 4
const find = (id) => document.getElementById(id)
const views = ['sign-in', 'change-password', 'list', 'watch'].map(find)
const state = {
  session: null,
  recording: null,
  viewing: null,
  playing: null,
  recordings: [],
  next: null,
  failure: null,
  skipped: openSkipped(),
}

function show(view) {
  for (const one of views) one.hidden = one !== view
}

/** `what` is null, a failure ({code, message}) or the name of a word. */
function notice(what) {
  state.failure = what
  const text = what === null ? '' : typeof what === 'string' ? word(what) : failureText(what)
  find('notice').textContent = text
  find('notice').hidden = text === ''
  find('notice').classList.toggle('done', what === 'ended')
}

/** Runs what a click asked for; its button waits, its failure is shown. */
async function attempt(button, work) {
  notice(null)
  if (button) button.disabled = true
  try {
    await work()
  } catch (failure) {
    if (failure?.code === 'password_change_required') return show(find('change-password'))
    if (failure?.code === 'not_signed_in' && state.session) signedOut()
    notice(failure?.code ? failure : { code: 'other' })
    if (!failure?.code) throw failure
  } finally {
    if (button) button.disabled = false
  }
}

function onSubmit(id, work) {
  find(id).addEventListener('submit', (event) => {
    event.preventDefault()
    const form = event.currentTarget
    attempt(form.querySelector('button'), () => work(Object.fromEntries(new FormData(form)), form))
  })
}

async function begin() {
  state.session = await request('GET', '/session')
  find('who').textContent = state.session.person.name
  find('who').hidden = false
  find('sign-out').hidden = false
  showNotices()
  if (state.session.mustChangePassword) return show(find('change-password'))
  if (state.session.actingRole === 'custodian_waiting') {
    show(null)
    return notice('waiting')
  }
  const asked = new URLSearchParams(location.search).get('recording')
  if (asked) return openRecording(asked)
  await openList()
}

const showNotices = () => drawNotices(find('notices'), state.session?.notices ?? [], attempt)

function signedOut() {
  state.playing?.close()
  Object.assign(state, { session: null, recording: null, viewing: null, playing: null, recordings: [], next: null })
  showNotices()
  find('who').hidden = true
  find('sign-out').hidden = true
  show(find('sign-in'))
}

async function openList(filter = new FormData(find('filter'))) {
  show(find('list'))
  const query = new URLSearchParams({ limit: '30' })
  for (const [name, value] of filter) if (value.trim()) query.set(name, name === 'mark' ? 'true' : value.trim())
  state.query = query
  Object.assign(state, await listOf(query))
  drawList()
  if (state.session.actingRole !== 'custodian') notice('onlyCustodian')
}

async function listOf(query) {
  try {
    return await request('GET', `/recordings?${query}`)
  } catch (failure) {
    // The server does not tell a case that does not exist from one that this person may not know of.
    if (failure.code === 'not_found' && query.has('caseId')) return { recordings: [], next: null }
    if (failure.code === 'wrong_role') show(null)
    throw failure
  }
}

async function openMore() {
  const page = await request('GET', `/recordings?${state.query}&cursor=${state.next}`)
  state.recordings = [...state.recordings, ...page.recordings]
  state.next = page.next
  drawList()
}

function drawList() {
  const open = (button, id) => attempt(button, () => openRecording(id))
  const { actingRole } = state.session
  find('rows').replaceChildren(...state.recordings.map((recording) => rowOf(recording, { actingRole, open })))
  find('empty').hidden = state.recordings.length > 0
  find('more').hidden = state.next === null
}

async function openRecording(id) {
  state.recording = await request('GET', `/recordings/${encodeURIComponent(id)}`)
  history.replaceState(null, '', `/watch?recording=${encodeURIComponent(id)}`)
  drawRecording()
  state.skipped = openSkipped()
  drawSkipped()
  find('purpose').reset()
  find('purpose').hidden = state.session.actingRole !== 'custodian' || !mayBeViewed(state.recording)
  find('player').hidden = true
  show(find('watch'))
}

function drawRecording() {
  const { recording } = state
  const facts = [
    [word('name'), recording.name.text],
    [word('device'), recording.deviceSerial],
    [word('recordedAt'), recordedText(recording)],
    [word('user'), userText(recording)],
    [word('origin'), originText(recording)],
    [word('size'), sizeText(recording.bytes)],
    [word('state'), stateText(recording)],
    [word('playable'), renditionText(recording)],
    [word('fingerprint'), recording.sha256],
    ...(recording.rendition?.method === 'supplied' ? [[word('remark'), word('supplied')]] : []),
    ...flagSentences(recording).map((sentence) => [word('remark'), sentence]),
  ]
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text })
  find('facts').replaceChildren(...facts.flatMap(([name, text]) => [element('dt', name), element('dd', text)]))
  const tracks = state.viewing?.tracks ?? recording.rendition?.tracks ?? []
  const sentences = [...renditionSentences(recording), ...furtherTracksSentences(tracks)]
  find('sentences').replaceChildren(...sentences.map((sentence) => element('li', sentence)))
  find('about-rendition').hidden = sentences.length === 0
  const options = recording.cases.map(({ caseId, number }) => new Option(number, caseId))
  find('purpose').elements.caseId.replaceChildren(new Option(word('noCase'), ''), ...options)
}

async function openViewing({ purpose, caseId }) {
  if ([...purpose.trim()].length < purposeCharactersMin) return notice('purposeTooShort')
  find('progress').textContent = word('opening')
  const body = caseId ? { purpose, caseId } : { purpose }
  state.viewing = await request('POST', `/recordings/${state.recording.id}/viewings`, body)
  if (state.recording.rendition?.state !== 'ready') {
    // What is shown now was not made yet when the page was opened: how it was made is said beside it.
    state.recording = await request('GET', `/recordings/${state.recording.id}`)
    drawRecording()
  }
  const { kind, viewingId } = state.viewing
  find('purpose').hidden = true
  find('player').hidden = false
  find('film').hidden = kind === 'still'
  find('still').hidden = kind !== 'still'
  find('preview').hidden = !state.viewing.isPreview
  find('stage').className = kind
  find('watermark').textContent =
    `${state.session.person.name} ${viewingId.slice(-12)} ${timeText(new Date().toISOString())}`
  state.skipped = openSkipped()
  drawSkipped()
  drawUnwitnessed()
  state.playing = play(
    state.viewing,
    { film: find('film'), still: find('still') },
    {
      granted: drawProgress,
      // What cannot be shown is said where it is skipped; what is not what the ledger has is said at once.
      unshown: (failure) => failure.code === 'damaged' || notice(failure),
      skipped(span) {
        state.skipped.add(span)
        drawSkipped()
      },
      held: () => notice('held'),
      failed: (failure) => viewingOver(failure),
      pausedTooLong: () => viewingOver('pausedTooLong'),
    },
  )
}

function drawUnwitnessed() {
  const { unwitnessedSince } = state.viewing
  find('unwitnessed').hidden = unwitnessedSince === null
  find('unwitnessed').textContent =
    unwitnessedSince === null ? '' : word('unwitnessed').replace('{since}', timeText(unwitnessedSince))
}

function drawSkipped() {
  const text = state.skipped.text()
  find('skipped').textContent = text
  find('skipped').hidden = text === ''
}

function drawProgress(grantedToMs) {
  const { kind, durationMs } = state.viewing
  state.grantedToMs = grantedToMs
  find('progress').textContent =
    kind === 'still'
      ? ''
      : word('grantedUntil')
          .replace('{granted}', filmText(durationMs === null ? grantedToMs : Math.min(grantedToMs, durationMs)))
          .replace('{duration}', durationMs === null ? word('beingMade') : filmText(durationMs))
}

function viewingOver(why) {
  state.playing = null
  state.viewing = null
  find('player').hidden = true
  find('purpose').hidden = false
  if (why?.code === 'not_signed_in') signedOut()
  notice(why)
}

async function leaveRecording() {
  state.playing?.close()
  Object.assign(state, { playing: null, viewing: null })
  history.replaceState(null, '', '/watch')
  await openList()
}

onSubmit('sign-in', async (body, form) => {
  await request('POST', '/session', body)
  form.reset()
  await begin()
})
onSubmit('change-password', async (body, form) => {
  if (body.new !== body.repeat) return notice('notTheSame')
  await request('PUT', '/session/password', { old: body.old, new: body.new })
  form.reset()
  await begin()
})
onSubmit('filter', () => openList())
onSubmit('purpose', openViewing)
find('more').addEventListener('click', (event) => attempt(event.currentTarget, openMore))
find('back').addEventListener('click', (event) => attempt(event.currentTarget, leaveRecording))
find('close').addEventListener('click', () => {
  state.playing?.close()
  viewingOver('ended')
})
find('sign-out').addEventListener('click', (event) =>
  attempt(event.currentTarget, async () => {
    state.playing?.close()
    await request('DELETE', '/session')
    signedOut()
  }),
)
find('stage').addEventListener('contextmenu', (event) => event.preventDefault())
find('language').addEventListener('click', () => {
  switchLanguage()
  find('language').textContent = word('language')
  showNotices()
  if (state.recordings.length > 0) drawList()
  if (state.recording) drawRecording()
  drawSkipped()
  if (state.viewing) {
    drawProgress(state.grantedToMs)
    drawUnwitnessed()
  }
  if (state.failure) notice(state.failure)
})

speak()
find('language').textContent = word('language')
begin().catch((failure) => {
  if (failure?.code === 'not_signed_in') return show(find('sign-in'))
  if (failure?.code === 'not_found' && state.session) return leaveRecording().then(() => notice(failure))
  notice(failure?.code ? failure : { code: 'other' })
})
