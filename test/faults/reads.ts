import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'minio'
import pg from 'pg'
import type { Test } from 'tap'
import { type DockedFile, untilJudged } from '../../deploy/local/demo/dock-client.ts'
import { openCase } from '../../deploy/local/demo/story.ts'
import { watchRecording } from '../../deploy/local/demo/watch.ts'
import { generateFootage } from '../../deploy/local/footage.ts'
import type { StoreName } from '../../deploy/local/stack.ts'
import { custody } from '../../deploy/local/system.ts'
import type { RunningBureau } from '../support/bureau.ts'
import type { Teardown } from '../support/stack.ts'
import { until } from '../support/world.ts'

/** What the bureau must be started with: an act has so long to be written down, else the read before it is an alarm. */
export const readsSettings = { RECONCILE_GRACE_SECONDS: '2' }
const patience = { timeoutMs: 60_000 }

export async function readsAreExplained(t: Test, bureau: RunningBureau): Promise<void> {
  const database = await openDatabase(t, bureau)
  const custodian = bureau.people.custodian!
  const recordingId = await dockFilm(t, bureau)
  const recorded = await openCase(bureau.people.officer!, custodian, [recordingId])
  await watchRecording(custodian, recordingId, '核对现场情况', 2)

  await t.test('jobs, a viewing, a chain and a check that read the bytes are all explained', async (t) => {
    const address = `/cases/${encodeURIComponent(recorded.number)}/chain?objects=true`
    await bureau.people.auditor!.request('GET', address)
    t.same(await bureau.fsck(), [])
    const seen = ['chain', 'job_checksum', 'job_copy', 'job_transcode', 'seal', 'viewing']
    await until(async () => {
      const { counts } = await database.judged()
      const has = (kind: string, stores = 1) => counts.filter(({ by }) => by === kind).length >= stores
      return seen.every((kind) => has(kind)) && has('fsck', 3) && !has('waiting')
    }, patience)
    t.same(await database.alarms(), [])
    const { counts, unexplained } = await reconcile(bureau)
    t.equal(unexplained, 0)
    t.ok(counts.some(({ store, credential, by }) => store === 'backup-b' && credential === 'auditor' && by === 'fsck'))
    t.ok(counts.every(({ by }) => by !== 'unexplained'))
  })

  await t.test('a report without the token of its store is refused', async (t) => {
    const audit = bureau.stack.auditEnvironment()!
    const send = (store: string, token: string) =>
      fetch(`http://${audit.STORE_AUDIT_LISTEN}/${store}`, {
        method: 'POST',
        headers: { authorization: token },
        body: '{}\n',
      })
    t.equal((await send('primary', '')).status, 401)
    t.equal((await send('primary', `Bearer ${audit.STORE_BACKUP_A_AUDIT_TOKEN}`)).status, 401, "another store's token")
    t.equal((await send('elsewhere', `Bearer ${audit.STORE_PRIMARY_AUDIT_TOKEN}`)).status, 401)
    t.equal((await send('primary', `Bearer ${audit.STORE_PRIMARY_AUDIT_TOKEN}`)).status, 204)
  })

  const [original] = await database.query<{ object_key: string; version_id: string }>(
    `select object_key, version_id from copy where store = 'primary' and recording_id = $1`,
    [recordingId],
  )
  const [segment] = await database.query<{ object_key: string; version_id: string }>(
    `select object_key, version_id from rendition_file where kind = 'segment' order by number desc limit 1`,
  )

  await t.test("reads with stolen keys are alarms: access's, root's, of an original and of a segment", async (t) => {
    await read(bureau, 'primary', 'access', 'derived', segment!)
    await read(bureau, 'primary', 'access', 'originals', original!)
    await read(bureau, 'primary', 'root', 'originals', original!)
    await read(bureau, 'primary', 'root', 'originals', original!)
    await read(bureau, 'primary', 'root', 'derived', segment!)
    const alarms = await until(async () => {
      const found = await database.alarms()
      return found.length >= 4 ? found : null
    }, patience)
    const told = alarms.map(({ credential, object, recordingId: id }) => `${credential} ${object} ${id}`)
    t.same(
      told.toSorted(),
      ['access', 'root']
        .flatMap((who) => [
          `${who} derived/${segment!.object_key} ${recordingId}`,
          `${who} originals/${original!.object_key} ${recordingId}`,
        ])
        .toSorted(),
      'one alarm for each object and credential, though root read the original twice',
    )
    t.ok(alarms.every(({ alarm, bytes }) => alarm === 'unexplained_read' && Number(bytes) > 0))
    const { unexplained } = await reconcile(bureau)
    t.equal(unexplained, 5)
  })

  await t.test('what was read while nobody listened is told afterwards, and nothing twice', async (t) => {
    const before = (await database.alarms()).length
    await bureau.system.processes.ledger.stop('at-once')
    await watchRecording(custodian, recordingId, '再次核对现场', 2)
    await read(bureau, 'backup-a', 'root', 'originals', await copyOn('backup-a'))
    await bureau.system.processes.ledger.start()
    await until(async () => (await database.alarms()).length > before, patience)
    const [served] = await database.query<{ count: string }>('select count(*) from viewing_served')
    // Each store tells what it kept meanwhile in its own time.
    const viewed = await until(async () => {
      const { counts } = await database.judged()
      const isWhole = counts.every(({ by }) => by !== 'waiting') && viewedReads(counts) >= Number(served!.count)
      return isWhole ? viewedReads(counts) : null
    }, patience)
    const added = (await database.alarms()).slice(before)
    t.match(added, [{ alarm: 'unexplained_read', store: 'backup-a', credential: 'root' }])
    t.equal(added.length, 1, 'and the viewing is explained')
    t.equal(viewed, Number(served!.count), 'each file that was served explains exactly one read')
  })

  async function copyOn(store: StoreName) {
    const [row] = await database.query<{ object_key: string; version_id: string }>(
      'select object_key, version_id from copy where store = $1 and recording_id = $2',
      [store, recordingId],
    )
    return row!
  }
}

const viewedReads = (counts: readonly { by: string; reads: number }[]) =>
  counts.filter(({ by }) => by === 'viewing').reduce((sum, { reads }) => sum + reads, 0)

interface Counts {
  readonly counts: readonly { store: string; credential: string; by: string; reads: number }[]
  readonly unexplained: number
}

async function reconcile(bureau: RunningBureau): Promise<Counts> {
  const printed = await custody(['reconcile', '--json'], bureau.system.cliEnvironment).catch(
    (error: { code?: number; stdout?: string }) => {
      if (error.code !== 1 || !error.stdout) throw error // 1: something is unexplained
      return error.stdout
    },
  )
  return JSON.parse(printed) as Counts
}

async function dockFilm(t: Teardown, bureau: RunningBureau): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-reads-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const [film] = await generateFootage(folder, {
    seconds: 4,
    isWanted: ({ extension, mark }) => extension === 'MP4' && !mark,
  })
  const file: DockedFile = { ...film!, serial: film!.deviceSerial }
  const [uploadId] = await bureau.dockFiles([file])
  const { recordingId } = await untilJudged(bureau.system.ingest, bureau.dock, uploadId!)
  await bureau.secured(uploadId!)
  await until(async () => {
    const path = `/recordings/${recordingId}`
    const view = await bureau.people.custodian!.request<{ rendition: { state: string } | null }>('GET', path)
    return view.rendition?.state === 'ready'
  }, patience)
  return recordingId!
}

async function openDatabase(t: Teardown, bureau: RunningBureau) {
  const { postgres } = bureau.stack
  const client = new pg.Client({ connectionString: postgres.urlFor('superuser', postgres.database) })
  await client.connect()
  t.teardown(() => client.end())
  const query = async <T>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as T[]
  return {
    query,
    alarms: async () =>
      (await query<{ body: string }>(`select body from event where kind = 'alarm.raised' order by id`)).map(
        ({ body }) => (JSON.parse(body) as { details: Record<string, string> }).details,
      ),
    judged: async () => ({
      counts: await query<{ by: string; reads: number }>(
        `select case when judged_at is null then 'waiting' when explained_by is null then 'unexplained'
           else split_part(explained_by, ':', 1) end as by, store, count(*)::int as reads from store_read group by 1, 2`,
      ),
    }),
  }
}

/** Reads a version as a thief of these keys would. */
async function read(
  bureau: RunningBureau,
  store: StoreName,
  who: 'root' | 'access',
  bucket: 'originals' | 'derived',
  object: { object_key: string; version_id: string },
): Promise<void> {
  const server = bureau.stack.stores[store]
  const keys =
    who === 'root' ? { accessKey: server.rootAccessKey, secretKey: server.rootSecretKey } : server.credentials.access
  const url = new URL(server.endpoint)
  const client = new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: false,
    region: 'us-east-1',
    ...keys,
  })
  const source = await client.getObject(bureau.stack.buckets[bucket], object.object_key, {
    versionId: object.version_id,
  })
  for await (const _chunk of source);
}
