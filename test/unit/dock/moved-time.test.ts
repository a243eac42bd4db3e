import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { ClearableDevice } from '../../../services/dock/clearing/clear-file.ts'
import { startAsking } from '../../../services/dock/docking/asking.ts'
import { clearingTries } from '../../../services/dock/docking/clearing-tries.ts'
import { openSession, type Session } from '../../../services/dock/docking/session.ts'
import { Away, Refused } from '../../../services/dock/ingest/client.ts'
import { type Condition, type Volume, VolumeGone } from '../../../services/dock/sources/source.ts'
import { listOf, openSpool } from './spool-deps.ts'

const minuteMs = 60_000
const facts = { serial: 'A', officerNumber: null, officerName: null, batteryPercent: 40, clockOffsetMs: 9 }

function sessionOf(condition?: () => Promise<Condition>): Session {
  const volume = { id: 'v', facts, sizeBytes: 100, freeBytes: 50, remove: async () => undefined, condition }
  return openSession(volume as unknown as Volume, 1, 0)
}

t.test('a clearing that was refused is asked for again when it is time, and not before', async (t) => {
  let answer: unknown = 'announced'
  const { deps, asked } = await openSpool(t, () => {
    if (answer === 'away') throw new Away('502')
    throw new Refused(409, 'conflict', 'no', { files: [{ number: 0, why: answer }] })
  })
  const witnessed = { reading: 'done', sending: 'said', receipt: 'witnessed', sha256: 'aa', receiptIndex: 1 } as const
  const handIn = { ...listOf('a', 'A', [witnessed]), serverId: 'theirs' }
  await deps.book.add(handIn, '{}', [])
  const session = sessionOf()
  const files = [{ seen: {}, handIn, file: handIn.files[0]!, number: 0 }]
  Object.assign(session, { stage: 'settling', files })
  const late = { lateMs: 1, lateMsWhenFull: 1, fullPercent: 50 }
  const now = {
    policy: 'clear',
    isAsked: false,
    isKept: false,
    canRemove: true,
    usedPercent: 1,
    nowMs: 0,
    late,
  } as const
  const device = {
    serial: 'A',
    medium: null,
    files,
    situation: () => now,
    askedBy: () => null,
  } as unknown as ClearableDevice
  let nowMs = 0
  const tryOnce = clearingTries(deps, session, device, () => nowMs)
  /** Whether the bureau was asked, each second. */
  const triesWithin = async (ms: number) => {
    const at: number[] = []
    for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 1000) {
      const before = asked.length
      await tryOnce(false)
      if (asked.length > before) at.push(nowMs / 1000)
    }
    return at
  }
  t.same(await triesWithin(70_000), [0, 1, 3, 7, 15, 31, 63], 'too soon: each time twice as long')
  t.equal(session.attention, null, 'that is nobody’s business')
  t.same(await triesWithin(70 * minuteMs), [127, 255, 511, 1023, 1923, 2823, 3723], 'but never longer than 15 minutes')
  t.same([session.stage, (await deps.clearings.open()).length], ['settling', 0])

  answer = 'not_secured'
  nowMs = 5000_000
  t.same(await triesWithin(16 * minuteMs), [5000, 5900], 'refused: 15 minutes')
  t.match(session.attention, { word: 'clear_failed' })
  answer = 'announced'
  nowMs = 7000_000
  t.same(await triesWithin(4000), [7000, 7001, 7003], 'and too soon begins anew')
  answer = 'away'
  nowMs = 8000_000
  t.same(await triesWithin(3000), [8000, 8001, 8002], 'a bureau that is away is asked each second')
})

t.test('a device that charges is asked every five minutes, and others are not', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  let asked = 0
  let answer = async (): Promise<Condition> => ({ batteryPercent: 60, clockOffsetMs: null, freeBytes: null })
  const charging = Object.assign(
    sessionOf(() => {
      asked++
      return answer()
    }),
    { stage: 'released' },
  )
  const busy = sessionOf(() => t.fail('it is still being read') as never)
  const { deps } = await openSpool(t, () => ({}))
  const stop = startAsking(deps, () => [charging, busy])
  const after = async (ms: number) => {
    mock.timers.tick(ms)
    await turn()
    return [asked, charging.condition.batteryPercent]
  }
  t.same(await after(5 * minuteMs - 1), [0, 40])
  t.same(await after(1), [1, 60])
  t.match(charging.condition, { clockOffsetMs: 9, freePercent: 50 }, 'what it does not say now, it said before')
  answer = () => Promise.reject(new VolumeGone('pulled out'))
  t.same(await after(5 * minuteMs), [2, 60])
  let finish = (_: Condition): void => undefined
  answer = () =>
    new Promise((resolve) => {
      finish = resolve
    })
  t.same(await after(5 * minuteMs), [3, 60])
  t.same(await after(10 * minuteMs), [3, 60], 'one that has not answered is not asked once more')
  finish({ batteryPercent: 80, clockOffsetMs: null, freeBytes: null })
  await turn()
  t.same(await after(5 * minuteMs), [4, 80])
  stop()
  t.same(await after(60 * minuteMs), [4, 80])
})
