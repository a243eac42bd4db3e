import { storeNames } from '../../../deploy/local/stack/state.ts'
import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, type Footage, footageInMemory, send, untilSealed } from '../dock.ts'
import type { Family } from '../family.ts'
import { inTurn, stepLimitMs } from '../harness.ts'
import { aliasOf, mc, mcSha256 } from '../mc.ts'

const mebibyte = 1024 * 1024
const files = 4
const fullBytes = 256 * mebibyte
const shortBytes = 128 * mebibyte
const backups = ['backup-a', 'backup-b'] as const

/** Two backups of what a hand-in brought, each re-read and compared, by us and by MinIO's own client. */
export const copyRows: Family = {
  rows: [
    {
      name: 'copy/mirror',
      goal: { of: 'ratio', atLeast: 1.3 },
      unit: 'MB/s',
      what: `${files} files of 256 MiB to both backups by the copy job, locked and re-read ÷ two mc mirror runs at once, each object re-read by openssl`,
    },
  ],
  short: `${files} files of 128 MiB instead of 256 MiB`,
  run: (options) =>
    inBureau(options, async (bureau) => {
      const fileBytes = options.isShort ? shortBytes : fullBytes
      await bureau.start('sequencer')
      const token = await bureau.newDock()
      const footage = footageInMemory(fileBytes)
      const wipe = () => Promise.all(storeNames.map((name) => bureau.stack.stores[name].wipe()))
      const prepared = async (work: () => Promise<number>, what: string) => {
        await bureau.start('ingest')
        await handIn(bureau, token, footage)
        await bureau.stop('ingest')
        const figure = (files * fileBytes) / 1e6 / (await work())
        // What nobody copied by a job would be found missing by the next round's worker.
        await bureau.db.deleteFrom('job').where('state', '=', 'pending').execute()
        await wipe()
        options.say(`${what} ${figure.toFixed(0)} MB/s`)
        return figure
      }
      const figures = await inTurn(
        options.rounds,
        () => prepared(() => copyByJob(bureau), 'copy job'),
        () => prepared(() => copyByMc(bureau, footage), 'mc mirror'),
      )
      return { 'copy/mirror': figures }
    }),
}

/** Seals the files, and holds their copy jobs back until they are wanted. */
async function handIn(bureau: Bureau, token: string, footage: Footage): Promise<void> {
  const ids: string[] = []
  for (let file = 0; file < files; file++) {
    ids.push((await send(await announce(bureau, token, footage), token, footage)).id)
  }
  await untilSealed(bureau, ids)
  await bureau.db
    .updateTable('job')
    .set({ run_after: new Date(Date.now() + 3600_000) })
    .where('state', '=', 'pending')
    .execute()
  await settleDisk()
}

async function copyByJob(bureau: Bureau): Promise<number> {
  await bureau.start('copier')
  const begun = performance.now()
  const waiting = await bureau.db
    .updateTable('job')
    .set({ run_after: new Date() })
    .where('state', '=', 'pending')
    .where('name', '=', 'copy')
    .returning('id')
    .execute()
  await untilDone(
    bureau,
    waiting.map(({ id }) => id),
  )
  const seconds = (performance.now() - begun) / 1000
  await bureau.stop('copier')
  return seconds
}

async function untilDone(bureau: Bureau, ids: readonly string[]): Promise<void> {
  const deadline = performance.now() + stepLimitMs
  for (;;) {
    const rows = await bureau.db.selectFrom('job').select(['state', 'last_error']).where('id', 'in', ids).execute()
    if (rows.every(({ state }) => state === 'done')) return
    const failed = rows.find(({ last_error }) => last_error !== null)
    if (failed) throw new Error(`a copy job failed: ${failed.last_error}`)
    if (performance.now() > deadline) throw new Error('the copy jobs were not done within five minutes')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function copyByMc(bureau: Bureau, footage: Footage): Promise<number> {
  const { originals } = bureau.stack.buckets
  const keys = (await mc(bureau, ['ls', '--recursive', '--json', `primary/${originals}`]))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { key: string }).key)
  if (keys.length !== files) throw new Error(`${keys.length} objects lie on the primary, not ${files}`)
  const begun = performance.now()
  await Promise.all(
    backups.map(async (name) => {
      const target = `${aliasOf(name)}/${originals}`
      await mc(bureau, ['mirror', `primary/${originals}`, target])
      const digests = await Promise.all(keys.map((key) => mcSha256(bureau, `${target}/${key}`)))
      if (digests.some((digest) => digest !== footage.sha256)) throw new Error('mc mirror made another object')
    }),
  )
  return (performance.now() - begun) / 1000
}
