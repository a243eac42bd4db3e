import t from 'tap'
import { attachRecording } from '../../../services/custody/cases/attach.ts'
import { signList } from '../../../services/dock/docking/docked-files.ts'
import { openIngest, Refused } from '../../../services/dock/ingest/client.ts'
import { testStation } from '../../../services/dock/station/self-test.ts'
import { newId } from '../../../services/foundation/id.ts'
import { witnessNow } from '../receipts/place.ts'
import { openReceiptPlace } from './cleared-place.ts'
import { strangersTrust } from './station.ts'

t.test('a station tests itself as far as a witnessed receipt, and the file is never taken for footage', async (t) => {
  const { place, front, trust, secure } = await openReceiptPlace(t, [])
  const { world } = place.archive
  const { dock } = place.ingest
  const line = openIngest({
    ...{ origin: front.origin, caFile: null, token: () => dock.token, answerMsMax: 60_000, now: Date.now },
  })
  t.teardown(() => line.close())
  const sent: Buffer[] = []
  const ingest: typeof line = {
    ...line,
    ask: (question) => {
      const { stream } = question
      if (!stream) return line.ask(question)
      async function* kept() {
        for await (const chunk of stream!) {
          sent.push(chunk)
          yield chunk
        }
      }
      return line.ask({ ...question, stream: kept() })
    },
  }
  const lines: string[] = []
  const test = { ingest, signingKey: dock.key, trust, now: Date.now, say: (text: string) => void lines.push(text) }
  const running = testStation({ ...test, waitMs: 170_000 })
  running.catch(() => undefined)
  await world.until(() => lines.some((text) => text.startsWith('3 ')))
  await secure([Buffer.concat(sent)])
  await world.until(() => lines.some((text) => text.includes('临时回执')))
  await witnessNow(place)
  t.equal(await running, 'witnessed')
  t.match(lines, [/^1 .*/, /^2 /, /^3 \d+ 字节/, /^4 /])
  t.match(lines.at(-1), /已外部见证：流转日志第 \d+ 号/)

  const recording = await world.db.selectFrom('recording').selectAll().executeTakeFirstOrThrow()
  t.match(recording, { quarantine_reason: null, device_id: null, device_serial: `自检-${dock.id}` })
  t.ok(recording.flags.includes('self_test'))
  const attachment = { recordingId: recording.id, caseFile: { id: newId() } as never, stage: 'investigation' as const }
  const actor = { id: newId(), role: 'custodian' } as const
  const people = { officerIds: [], participantIds: [], fewerOfficersReason: null }
  await t.rejects(attachRecording(world.db, world.clock, actor, { ...attachment, ...people }), {
    message: /test of itself/,
  })

  lines.length = 0
  const other = testStation({ ...test, trust: strangersTrust(), waitMs: 170_000 })
  other.catch(() => undefined)
  await world.until(() => lines.some((text) => text.startsWith('3 ')))
  await secure([Buffer.concat(sent.slice(1))])
  t.equal(await other, 'none', 'keys that are not those of the ledger')
  t.match(lines.at(-1), /核验不通过/)

  const list = (serial: string, kind: string) => {
    const seen = { path: Buffer.from('a'), name: Buffer.from('a'), bytes: 1, modifiedMs: 1, deviceTime: null }
    const head = { serial, openedAt: new Date().toISOString(), clockOffsetMs: null, user: null }
    const files = [{ seen: { ...seen, runningNumber: null, mark: false }, known: null }]
    return JSON.parse(signList({ ...head, origin: { kind, from: null } }, files, dock.key).list)
  }
  for (const [serial, kind] of [
    ['DSJ0001', 'self_test'],
    [`自检-${dock.id}`, 'mass_storage'],
    ['自检-another', 'self_test'],
  ] as const) {
    const refused = ingest.ask({ method: 'POST', path: '/hand-ins', json: list(serial, kind) }).catch((error) => error)
    t.type(await refused, Refused, `${serial} as ${kind}`)
  }
})
