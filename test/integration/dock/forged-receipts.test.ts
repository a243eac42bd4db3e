import t from 'tap'
import { inFull } from '../../support/in-full.ts'
import { footage } from '../../support/ingest.ts'
import { openReceiptPlace } from './cleared-place.ts'
import { keepSecuring } from './keep-securing.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

interface Line {
  number: number
  state: string
  reason: string | null
  message: string | null
  receipt: { index: number; body: string; [member: string]: unknown } | null
}

type Forger = (lines: Line[]) => unknown

const pattern = /^GET \/hand-ins\/[^/]+\/receipt/

/** Where a receipt has a member of this name, however deep, its value becomes what `change` makes of it. */
function changedDeep(value: unknown, name: string, change: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => changedDeep(one, name, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key === name && typeof one === 'string' ? [key, change(one)] : [key, changedDeep(one, name, change)],
    ),
  )
}

const flipped = (_: string, before: string, letter: string) => before + (letter === 'A' ? 'B' : 'A')

/** What somebody between dock and bureau may make of true, witnessed receipts, and how the dock calls it. */
const forgeries: Readonly<Record<string, { forge: Forger; receipts: readonly string[] }>> = {
  'the body says another digest': {
    forge: (lines) =>
      changedDeep(lines, 'body', (body) =>
        body.replace(/[0-9a-f]{64}/, (digest) => digest.replace(/^./, (first) => (first === '0' ? '1' : '0'))),
      ),
    receipts: ['wrong'],
  },
  'each file gets the receipt of the other': {
    forge: ([one, other]) => [
      { ...one!, receipt: other!.receipt },
      { ...other!, receipt: one!.receipt },
    ],
    receipts: ['wrong'],
  },
  'the cosignature is taken away': {
    forge: (lines) => changedDeep(lines, 'proof', (proof) => proof.replace(/^— witness\S* .*\n/m, '')),
    receipts: ['provisional'],
  },
  'the cosignature is another one': {
    forge: (lines) => changedDeep(lines, 'proof', (proof) => proof.replace(/^(— witness\S* .{40})(.)/m, flipped)),
    receipts: ['provisional', 'wrong'],
  },
  'the log’s signature is another one': {
    forge: (lines) => changedDeep(lines, 'proof', (proof) => proof.replace(/^(— (?!witness)\S* .{40})(.)/m, flipped)),
    receipts: ['wrong'],
  },
  'it says witnessed and shows nothing': {
    forge: (lines) => lines.map((line) => ({ ...line, state: 'witnessed', receipt: null })),
    receipts: ['none'],
  },
}

t.test('receipts that somebody on the way has changed clear nothing; the true ones do', async (t) => {
  const opened = await openReceiptPlace(t, ['DSJ0001'])
  const { place, front, trust } = opened
  const { world } = place.archive
  const securing = keepSecuring(t, opened)
  const { dock } = place.ingest
  const station = await openStation(t, { origin: front.origin, token: dock.token, signingKey: dock.key, trust })
  const { model } = station.agent
  const files = ['a', 'b'].map((name) => ({ name: `${name}.MP4`, bytes: footage(80_000, name) }))
  for (const { bytes } of files) securing.expect(bytes)
  const device = makeDevice('DSJ0001', [...files])
  let forger: Forger = (lines) =>
    lines.map((line) => ({ ...line, state: 'not_yet', reason: 'not_issued', receipt: null }))
  let areTrue = false
  front.forge({
    pattern,
    change: (text) => {
      const answer = JSON.parse(text) as { files: Line[] }
      areTrue = answer.files.every(({ state }) => state === 'witnessed')
      return JSON.stringify({
        ...answer,
        files: areTrue
          ? forger(answer.files)
          : answer.files.map((line) => ({ ...line, state: 'not_yet', receipt: null })),
      })
    },
  })
  const asked = () => front.asked.filter((one) => pattern.test(one)).length
  /** A docking of its own: one whose receipts are wrong releases its device. */
  const dockUntil = async (isSeen: () => boolean) => {
    const volume = station.source.plugIn(device)
    const before = asked()
    await world.until(() => asked() > before && isSeen())
    station.source.pull(volume.id)
    await world.until(() => model.slot(1).card.word === 'taken')
  }
  await dockUntil(() => areTrue)
  const tried = Object.entries(forgeries).filter((_, number) => inFull || number % 2 === 0)
  for (const [what, { forge, receipts }] of tried) {
    forger = forge
    await dockUntil(() => model.slot(1).files.every(({ receipt }) => receipts.includes(receipt)))
    t.same(front.saidAt(/clearings/), [], what)
  }
  for (const text of inFull ? ['{"files": [', '{}', '', 'null', '[]'] : ['{"files": [']) {
    front.forge({ pattern, change: () => text })
    await dockUntil(() => true)
  }
  t.same(front.saidAt(/clearings/), [], 'answers that are none')
  t.equal(device.files.length, 2)
  front.forge(null)
  station.source.plugIn(device)
  await world.until(() => device.files.length === 0)
})
