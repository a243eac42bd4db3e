import { Fault } from '../foundation/errors.ts'
import { type NoteSigner, parseSignerKey } from './note.ts'
import { vrfPublicKey } from './vrf.ts'

/** The sequencer's two secrets: the note signing key (PRIVATE+KEY+name+…) and the VRF scalar (64 hex digits). */
export interface LedgerKeys {
  readonly signer: NoteSigner
  readonly vrfSecretKey: Buffer
}

/** Reads both keys as `custody setup` wrote them. @throws bad_config naming the variable, never its content. */
export function parseLedgerKeys(texts: { origin: string; signingKey: string; vrfKey: string }): LedgerKeys {
  if (!/^[0-9a-f]{64}$/.test(texts.vrfKey)) {
    throw new Fault('bad_config', 'LEDGER_VRF_KEY: not 64 lower-case hex digits; `custody setup` makes it')
  }
  const vrfSecretKey = Buffer.from(texts.vrfKey, 'hex')
  vrfPublicKey(vrfSecretKey)
  const signer = parseSignerKey(texts.signingKey)
  if (signer.name !== texts.origin) {
    throw new Fault(
      'bad_config',
      `LEDGER_SIGNING_KEY: is a key of ${signer.name}, but LEDGER_ORIGIN is ${texts.origin}`,
    )
  }
  return { signer, vrfSecretKey }
}
