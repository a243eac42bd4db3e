import { randomBytes } from 'node:crypto'
import type { Stores } from '../../../services/foundation/store/store.ts'
import type { Teardown } from '../../support/stack.ts'
import type { Bureau, Session } from '../access/bureau.ts'
import { never, worldHandlers } from '../workers/handlers.ts'
import { type Sealed, sealRecording } from '../workers/sealed.ts'

export const facts = { tool: '海康执法仪播放器', toolVersion: '5.2.1', how: '用单位密码解密后另存为 MP4' }

/** What only the vendor's player reads. */
export function encryptedFootage(): Buffer {
  return Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(100_000)])
}

/** A recording that cannot be played: the workers have looked at it already. */
export async function sealUnplayable(t: Teardown, { world }: Bureau): Promise<Sealed> {
  const sealed = await sealRecording(world, encryptedFootage())
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  return sealed
}

/** Sends a film as the custodian's browser does. */
export async function supply(
  { base }: Bureau,
  { token }: Session,
  recordingId: string,
  film: Buffer,
  options: { query?: Record<string, string>; type?: string } = {},
) {
  const { query = facts, type = 'application/octet-stream' } = options
  const response = await fetch(`${base}/recordings/${recordingId}/supplied-renditions?${new URLSearchParams(query)}`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
    body: new Uint8Array(film),
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers are of every shape
  return { status: response.status, body: (await response.json()) as any }
}

export async function decide(session: Session, recordingId: string, supplyId: string, confirm: boolean) {
  const path = `/recordings/${recordingId}/supplied-renditions/${supplyId}/decision`
  return session.call('POST', path, { confirm, reason: '已核对导出记录' })
}

/** Supplies the film and has it confirmed; nothing is made of it yet. */
export async function supplyAndConfirm(bureau: Bureau, sealed: Sealed, film: Buffer) {
  const custodian = await bureau.signIn(bureau.people.custodian)
  const supervisor = await bureau.signIn(bureau.people.supervisor)
  const proposed = await supply(bureau, custodian, sealed.id, film)
  if (proposed.status !== 201) throw new Error(JSON.stringify(proposed.body))
  const decided = await decide(supervisor, sealed.id, proposed.body.id, true)
  if (decided.status !== 200) throw new Error(JSON.stringify(decided.body))
  return { supplyId: proposed.body.id as string, custodian, supervisor, jobId: await orderedJob(bureau, sealed) }
}

async function orderedJob({ world }: Bureau, sealed: Sealed): Promise<string> {
  const job = await world.db
    .selectFrom('job')
    .where('subject_id', '=', sealed.id)
    .where('name', '=', 'transcode')
    .where('state', '=', 'pending')
    .select('id')
    .executeTakeFirstOrThrow()
  return job.id
}

/** Makes what was ordered, by the workers' own roles and keys. */
export async function make(t: Teardown, { world }: Bureau, jobId: string, replaced: Partial<Stores> = {}) {
  const { transcode } = await worldHandlers(t, world, replaced)
  await transcode(jobId, never)
}

export async function renditionsOf({ world }: Bureau, { id }: Sealed) {
  return world.db.selectFrom('rendition').where('recording_id', '=', id).orderBy('id').selectAll().execute()
}

export async function supplyOf({ world }: Bureau, supplyId: string) {
  return world.db.selectFrom('rendition_supply').where('id', '=', supplyId).selectAll().executeTakeFirstOrThrow()
}
