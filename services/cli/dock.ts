import { generateKeyPairSync } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { registerDock } from '../custody/devices/dock.ts'
import { systemClock } from '../foundation/clock.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { writeSecret } from './ledger-keys.ts'
import type { Terminal } from './terminal.ts'

/**
 * Registers a docking station with a key pair made here: the private half goes into a new file (PKCS #8 PEM, 0600) that
 * is carried to the dock, the token is printed once.
 */
export async function addDockCommand(
  terminal: Terminal,
  name: string,
  options: { signingKeyOut: string; json?: boolean },
): Promise<ExitCode> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  // An Ed25519 SubjectPublicKeyInfo ends with the 32 bytes of the key (RFC 8410 §4).
  const rawKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  await writeSecret(options.signingKeyOut, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().trim())
  try {
    const { dockId, token } = await withDatabase(terminal, async (db) => {
      await requireSchemaVersion(db)
      return db
        .transaction()
        .execute((trx) => registerDock(trx, systemClock, { id: 'setup', role: 'service' }, { name, publicKey: rawKey }))
    })
    if (options.json) {
      terminal.out(
        JSON.stringify({ dockId, token, publicKey: rawKey.toString('hex'), signingKey: options.signingKeyOut }),
      )
    } else {
      terminal.out(`dock  ${dockId}`)
      terminal.out(`token ${token}`)
      terminal.err(`The token is shown once. The dock's signing key is in ${options.signingKeyOut}.`)
      terminal.err(`It counts once a supervisor or auditor has released it: custody sign-list dock.released ${dockId}`)
    }
    return exitCodes.fine
  } catch (error) {
    await unlink(options.signingKeyOut)
    throw error
  }
}
