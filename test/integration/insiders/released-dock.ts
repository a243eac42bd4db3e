import { generateKeyPairSync } from 'node:crypto'
import type { Office } from './office.ts'

/** A dock that administrator and auditor have put into service. */
export async function releasedDock(office: Office) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')
  const { id, token } = await office.must('administrator', 'POST', '/docks', { name: office.name(), publicKey: raw })
  await office.must('auditor', 'POST', `/docks/${id}/release`)
  return { id, token, key: privateKey }
}
