import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPath } from '../../../services/verifier/open-package.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'

/** What our verifier says of a zip. */
export async function findingsOfPackage(zip: Buffer, trust: object) {
  const folder = await mkdtemp(join(tmpdir(), 'custody-verdict-'))
  try {
    const path = join(folder, 'package.zip')
    await writeFile(path, zip)
    const { accepted, codes } = await verifyPath(path, parseTrust(JSON.stringify(trust)))
    return { accepted, codes: [...codes] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
