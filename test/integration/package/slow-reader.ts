import { randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { findCase, openCase } from '../../../services/custody/cases/case.ts'
import { createParty } from '../../../services/custody/cases/party.ts'
import { decidePackage } from '../../../services/custody/packages/decision.ts'
import { requestPackage } from '../../../services/custody/packages/package.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import type { Bureau } from '../access/bureau.ts'

/** Larger than what the kernel's and the programs' buffers hold together. */
const packageBytes = 60 * 1024 ** 2

/** A package with footage, ready to be fetched by the custodian. Its bytes are not a package's: nothing was built. */
export async function addReadyPackage(
  { world, people }: Bureau,
  number: string,
): Promise<{ id: string; bytes: number }> {
  const { db, clock } = world
  const { officer, officer2, custodian, supervisor } = people
  const party = await createParty(db, clock, officer, { kind: 'shop', name: `商铺 ${number}` })
  await openCase(db, clock, officer, {
    number,
    kind: 'inspection',
    title: '检查',
    partyId: party.id,
    departments: ['综合执法局'],
    officerIds: [officer.id, officer2.id],
  })
  const order = {
    caseFile: (await findCase(db, number))!,
    withFootage: true,
    purpose: '证明检查经过',
    recipient: { name: '王法官', organisation: '某某区人民法院' },
    recipientKey: null,
  }
  const { id } = await requestPackage(db, clock, custodian, order)
  await decidePackage(db, clock, supervisor, { packageId: id, approve: true, reason: '同意提供' })
  const bytes = randomBytes(packageBytes)
  const key = `packages/${id}/evidence.zip`
  const { versionId } = await world.stores.primary.put('derived', key, bytes)
  const now = clock.now()
  await world.asSuperuser((superuser) =>
    superuser
      .updateTable('package')
      .set({
        state: 'ready',
        object_key: key,
        version_id: versionId,
        bytes: bytes.length,
        sha256: sha256(bytes),
        checkpoint_size: 1,
        ready_at: now,
        expires_at: new Date(now.getTime() + 15 * 24 * 60 * 60_000),
      })
      .where('id', '=', id)
      .execute(),
  )
  return { id, bytes: bytes.length }
}

export interface SlowReader {
  /** Bytes that have arrived so far. */
  readonly received: number
  /** Reads on to the end; resolves to the bytes that arrived in all, however it ended. */
  readOn(): Promise<number>
  /** Resolves when the connection is gone, while nothing is read. */
  readonly gone: Promise<void>
  leave(): void
}

/** Asks for a file, reads 64 KiB of it, and then no more until it is told to. */
export function startReading(base: string, path: string, token: string): Promise<SlowReader> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const request = httpRequest(`${base}${path}`, { headers, agent: false }, (response) => {
      let received = 0
      let isSlow = true
      const ended = endOf(response)
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (!isSlow || received < 64 * 1024) return
        isSlow = false
        response.pause()
        resolve({
          get received() {
            return received
          },
          gone: new Promise((done) => response.socket.once('close', () => done())),
          readOn: async () => {
            response.resume()
            await ended
            return received
          },
          leave: () => request.destroy(),
        })
      })
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`))
    })
    request.on('error', reject).end()
  })
}

/** Resolves when the answer came to its end or broke off. */
function endOf(response: IncomingMessage): Promise<void> {
  return new Promise((done) => {
    response.once('error', () => done())
    response.once('close', () => done())
  })
}
