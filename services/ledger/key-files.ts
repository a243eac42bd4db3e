import { readFile } from 'node:fs/promises'
import { Fault } from '../foundation/errors.ts'
import { type NoteSigner, parseSignerKey } from './note.ts'

/** The sequencer's two secrets: the note signing key (PRIVATE+KEY+name+…) and the VRF scalar (64 hex digits). */
export interface LedgerKeys {
  readonly signer: NoteSigner
  readonly vrfSecretKey: Buffer
}

/** Reads both key files. @throws bad_config naming the file, never its content. */
export async function readLedgerKeys(files: { signingKey: string; vrfKey: string }): Promise<LedgerKeys> {
  const signingText = await readSecretFile(files.signingKey, 'LEDGER_SIGNING_KEY_FILE')
  const vrfText = await readSecretFile(files.vrfKey, 'LEDGER_VRF_KEY_FILE')
  if (!/^[0-9a-f]{64}$/.test(vrfText)) {
    throw new Fault('bad_config', `LEDGER_VRF_KEY_FILE ${files.vrfKey}: not 64 lower-case hex digits`)
  }
  return { signer: parseSignerKey(signingText), vrfSecretKey: Buffer.from(vrfText, 'hex') }
}

async function readSecretFile(path: string, variable: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new Fault('bad_config', `${variable}: ${path} cannot be read; \`custody setup\` makes it`, { cause })
  }
}
