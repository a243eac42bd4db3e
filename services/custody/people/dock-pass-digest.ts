import { argon2, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import type { DockPassMeans } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { limitedRuns } from '../../foundation/limited-runs.ts'

const argon2Async = promisify(argon2)

/** The setting is a text: shorter ones are guessed. */
export const dockPassKeyCharactersMin = 32

/** A process computes two at a time; more than 100 do not wait. */
const inTurn = limitedRuns({
  runsMax: 2,
  waitingMax: 100,
  refusal: 'too many cards and codes are being tried at this moment: try again in a few seconds',
})

/**
 * The digest under which a card's number or a code is found again: Argon2id with the bureau's key, which is not in the
 * database. A code has 10^6 values and a card not many more: without the key nobody can try them, and with it each try is slow.
 * The same number has the same digest, because nobody says whose it is when he shows it.
 *
 * @param key the setting DOCK_PASS_KEY; null where a bureau has none
 * @throws not_ready without a key
 */
export async function dockPassDigest(key: string | null, means: DockPassMeans, number: string): Promise<Buffer> {
  if (key === null) throw new Fault('not_ready', 'cards and codes for docks need the setting DOCK_PASS_KEY')
  if (key.length < dockPassKeyCharactersMin) {
    throw new Fault('bad_config', `DOCK_PASS_KEY: at least ${dockPassKeyCharactersMin} characters are needed`)
  }
  const secret = sha256(`dock pass key ${key}`)
  const message = Buffer.from(`${means} ${number}`)
  const nonce = sha256(`dock pass ${means}`).subarray(0, 16)
  const parameters = { message, nonce, secret, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
  return inTurn(() => argon2Async('argon2id', parameters))
}

/** A card's number as its reader types it, without what readers add. @throws bad_request when it is none */
export function cardNumber(typed: string): string {
  const number = typed.trim().toUpperCase()
  if (/^[0-9A-Z]{4,64}$/.test(number)) return number
  throw new Fault('bad_request', 'card: 4 to 64 digits or letters are expected, as the reader types them', {
    details: { field: 'card' },
  })
}

/** A new dock code: six digits, no obvious one. */
export function newDockCode(): string {
  for (;;) {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    if (new Set(code).size > 2 && !'01234567890 09876543210'.includes(code)) return code
  }
}
