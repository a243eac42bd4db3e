import { PassThrough } from 'node:stream'
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { findCase } from '../../../services/custody/cases/case.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { packagePrefix } from '../../../services/custody/packages/build.ts'
import { decidePackage } from '../../../services/custody/packages/decision.ts'
import { type PackageOrder, requestPackage } from '../../../services/custody/packages/package.ts'
import type { Store, Stores } from '../../../services/foundation/store/store.ts'
import type { PackageSettings } from '../../../workers/package/deps.ts'
import { buildPackage } from '../../../workers/package.ts'
import { jobHandler } from '../../../workers/run.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World, type WorldOptions } from '../../support/world.ts'

export const never = new AbortController().signal

/** The job's handler as the workers' process makes it, by the part's own role and keys. */
export function packageHandler(world: World, settings: Partial<PackageSettings> = {}, replaced: Partial<Stores> = {}) {
  const { clock, log } = world
  const stores = { ...world.storesFor('package'), ...replaced }
  const deps = {
    db: world.dbFor('worker'),
    clock,
    log,
    stores,
    settings: { keepDays: 15, witnessWaitMs: 0, verifierDirectory: null, ...settings },
  }
  return jobHandler(deps, 'package', (job, signal) => buildPackage(deps, job, signal))
}

/** A package with footage of the populated case: asked for by the custodian, signed by the supervisor. Not built yet. */
export async function orderPackage(
  world: World,
  populated: Pick<Populated, 'people' | 'caseNumber'>,
  order: Partial<PackageOrder> = {},
): Promise<{ id: string; jobId: string }> {
  const caseFile = (await findCase(world.db, populated.caseNumber))!
  const custodian = { id: populated.people.custodian, role: 'custodian' }
  const supervisor = { id: populated.people.supervisor, role: 'supervisor' }
  const { id, state } = await requestPackage(world.db, world.clock, custodian, {
    caseFile,
    withFootage: true,
    purpose: '证明现场检查的经过',
    recipient: { name: '赵法官', organisation: '某某区人民法院' },
    recipientKey: null,
    ...order,
  })
  if (state === 'awaiting_signature') {
    await decidePackage(world.db, world.clock, supervisor, { packageId: id, approve: true, reason: '同意提供' })
  }
  return { id, jobId: await jobOf(world, id) }
}

export async function jobOf(world: World, packageId: string): Promise<string> {
  const job = await world.db
    .selectFrom('job')
    .where('subject_id', '=', packageId)
    .select('id')
    .executeTakeFirstOrThrow()
  return job.id
}

export async function rowOf(world: World, id: string) {
  return world.db.selectFrom('package').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
}

/** The bytes of a package that is ready, as they lie in the store. */
export async function fileOf(world: World, id: string): Promise<Buffer> {
  const row = await rowOf(world, id)
  const object = { bucket: 'derived', key: row.object_key!, versionId: row.version_id! } as const
  const chunks: Buffer[] = []
  for await (const chunk of await world.stores.primary.get(object)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Paths within the bag and what lies there. */
export async function unzipped(zip: Buffer): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(zip)])))
  const files = new Map<string, Buffer>()
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue
    const bytes = await entry.getData(new Uint8ArrayWriter())
    files.set(entry.filename.split('/').slice(1).join('/'), Buffer.from(bytes))
  }
  await reader.close()
  return files
}

/** Lines of a `.jsonl` file. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into lines of every shape
export function linesOf(files: ReadonlyMap<string, Buffer>, path: string): any[] {
  const text = files.get(path)!.toString()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Kinds of the events about a package, oldest first. */
export async function kindsOf(world: World, id: string): Promise<string[]> {
  const rows = await world.db
    .selectFrom('event')
    .select(['kind', 'subjects'])
    .orderBy('committed_at')
    .orderBy('id')
    .execute()
  return rows.filter(({ subjects }) => subjects.includes(`package:${id}`)).map(({ kind }) => kind)
}

/** A world with a populated case and its log, and the trust file that its packages are verified with. */
export async function populatedWorld(t: Teardown, options: WorldOptions = {}) {
  const world = await openWorld(t, options)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const populated = await populate(world)
  const trust = trustOf(log)
  return { world, populated, trust }
}

/** The trust file of a log without witnesses. */
export function trustOf({ verifierKeys, vrfPublicKey }: TestLog) {
  return {
    format: 'trust/v2',
    logKeys: [{ from: 0, keys: verifierKeys.split(' ') }],
    policy: 'quorum none\n',
    vrfPublicKey: vrfPublicKey.toString('hex'),
    timestampRoots: [],
  }
}

/** Versions that lie under a package's name. */
export async function objectsOf(world: World, id: string): Promise<string[]> {
  const versions: string[] = []
  for await (const { versionId } of world.stores.primary.list('derived', packagePrefix(id))) versions.push(versionId)
  return versions
}

/** What `custody fsck` finds between rows and events. */
export async function rowFindings(world: World) {
  const report = openReport()
  await checkRows(world.db, report)
  return report.findings()
}

/** A store that gives other bytes than it holds. */
export function lyingStore(store: Store, isWrong: (key: string) => boolean): Store {
  return {
    ...store,
    get: async (object, options) => {
      const source = await store.get(object, options)
      if (!isWrong(object.key)) return source
      const wrong = new PassThrough()
      source.on('data', (chunk: Buffer) => wrong.write(Buffer.from(chunk.map((byte) => byte ^ 1))))
      source.on('end', () => wrong.end())
      return wrong
    },
  }
}
