import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Test } from 'tap'
import type { DockedFile } from '../../deploy/local/demo/dock-client.ts'
import { untilJudged } from '../../deploy/local/demo/dock-client.ts'
import { dockEverything, openCase, waitUntilSecured, watchSome } from '../../deploy/local/demo/story.ts'
import { generateFootage } from '../../deploy/local/footage.ts'
import { inherited } from '../../deploy/local/system/inherited.ts'
import type { RunningBureau } from '../support/bureau.ts'

const run = promisify(execFile)
const repository = resolve(import.meta.dirname, '../..')

/** A case whose chain nobody has touched yet. */
export interface Story {
  readonly caseNumber: string
  readonly recordingId: string
}

export async function footageOfAllKindsIsKept(t: Test, bureau: RunningBureau): Promise<Story> {
  const custodian = bureau.people.custodian!
  const folder = await mkdtemp(join(tmpdir(), 'custody-footage-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const made = await generateFootage(folder, { seconds: 2 })
  const files = made.map((file): DockedFile => ({ ...file, serial: file.deviceSerial }))
  const kinds = new Set(made.map(({ kind }) => kind))
  t.equal(kinds.size, 4)

  const handed = await dockEverything(bureau.system, bureau.dock, files, () => undefined)
  t.same(new Set(handed.map(({ result }) => result.state)), new Set(['sealed']))
  const ids = handed.map(({ result }) => result.recordingId!)
  const settled = await waitUntilSecured(custodian, ids, () => undefined)
  for (const view of settled) t.equal(view.rendition?.state, 'ready', `${JSON.stringify(view.name)} is playable`)

  const opened = await openCase(bureau.people.officer!, custodian, ids)
  const watched = await watchSome(custodian, settled, 2)
  t.equal(watched.size, 2)
  for (const { bytes, seconds } of watched.values()) t.ok(bytes > 10_000 && seconds > 1)

  await t.test('the chain holds every event, and the auditor verifies it with keys of his own', async (t) => {
    const { code, report } = await chain(bureau, opened.number)
    t.equal(code, 0)
    t.same(report.findings, [])
    const kinds = new Set(report.chain.events.map(({ kind }) => kind))
    for (const kind of ['recording.sealed', 'recording.verified', 'recording.copied', 'recording.secured']) {
      t.ok(kinds.has(kind), kind)
    }
    for (const kind of ['rendition.ready', 'recording.attached', 'viewing.opened', 'viewing.ended']) {
      t.ok(kinds.has(kind), kind)
    }
  })

  await t.test('footage of an unknown device waits for two people, and is never lost', async (t) => {
    const [uploadId] = await bureau.dockFiles([bureau.file('XX99999', 40_000)])
    const { state, recordingId } = await untilJudged(bureau.system.ingest, bureau.dock, uploadId!)
    t.equal(state, 'quarantined')
    t.equal(await bureau.secured(uploadId!), recordingId, 'it gets its three copies too')
    await t.rejects(
      custodian.request('POST', `/recordings/${recordingId}/viewings`, { purpose: '核查隔离资料' }),
      { message: /409/ },
      'nothing in quarantine is shown',
    )
    const resolution = `/quarantine/${recordingId}`
    await custodian.request('POST', `${resolution}/proposals`, { outcome: 'accept', reason: '新购设备，尚未登记' })
    await t.rejects(custodian.request('POST', `${resolution}/decision`, { confirmed: true }), { message: /403/ })
    await bureau.people.supervisor!.request('POST', `${resolution}/decision`, { confirmed: true })
    const view = await custodian.request<{ quarantine: unknown }>('GET', `/recordings/${recordingId}`)
    t.notOk(view.quarantine)
  })

  return { caseNumber: opened.number, recordingId: ids[0]! }
}

/** Promise 8. Leaves the row as it is: nothing is whole afterwards. */
export async function changedRowShowsInChain(t: Test, bureau: RunningBureau, story: Story): Promise<void> {
  const client = new pg.Client({
    connectionString: bureau.stack.postgres.urlFor('superuser', bureau.stack.postgres.database),
  })
  await client.connect()
  try {
    await client.query(`update recording set device_time = device_time + interval '1 hour' where id = $1`, [
      story.recordingId,
    ])
  } finally {
    await client.end()
  }
  const { code, report } = await chain(bureau, story.caseNumber)
  t.equal(code, 1)
  t.ok(JSON.stringify(report).includes('device_time'), 'it names the field')
  t.ok((await bureau.fsck()).length > 0)
}

interface ChainReport {
  readonly chain: { readonly events: readonly { readonly kind: string }[] }
  readonly findings: readonly unknown[]
}

/** `custody chain --json` as the auditor runs it, in a process that has only the keys and his password. */
async function chain(bureau: RunningBureau, caseNumber: string): Promise<{ code: number; report: ChainReport }> {
  const { system } = bureau
  const args = ['services/cli/main.ts', 'chain', caseNumber, '--json', '--access', system.access]
  const environment = {
    ...inherited(),
    CUSTODY_ACCOUNT: 'chenjing',
    CUSTODY_PASSWORD: bureau.people.auditor!.password,
    LEDGER_ORIGIN: system.origin,
    LEDGER_VERIFIER_KEY: system.verifierKeys,
    LEDGER_VRF_PUBLIC_KEY: system.vrfPublicKey,
  }
  const options = { cwd: repository, env: environment, maxBuffer: 64 * 1024 * 1024 }
  const { code, stdout } = await run(process.execPath, args, options).then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: { code: number; stdout: string }) => error,
  )
  return { code, report: JSON.parse(stdout) as ChainReport }
}
