import { Fault } from '../../foundation/errors.ts'
import { signatureTypes, verifierOf } from '../format/keys.ts'
import { type LogKeys, logKeysOfSetting } from '../format/log-keys.ts'
import { type NoteSigner, parseSignerKey } from '../format/note.ts'
import { vrfPublicKey } from '../format/vrf.ts'

/** The sequencer's secrets: the note signing keys (PRIVATE+KEY+name+…) and the VRF scalar (64 hex digits). */
export interface LedgerKeys {
  /** Ed25519. */
  readonly signer: NoteSigner
  /** ML-DSA-44; null for a log that does not have such a key yet. */
  readonly mlDsaSigner: NoteSigner | null
  readonly vrfSecretKey: Buffer
}

/** Reads the keys as `custody setup` wrote them. @throws bad_config naming the variable, never its content. */
export function parseLedgerKeys(texts: {
  origin: string
  signingKey: string
  mlDsaKey: string | null
  vrfKey: string
}): LedgerKeys {
  const { origin, signingKey, mlDsaKey, vrfKey } = texts
  if (!/^[0-9a-f]{64}$/.test(vrfKey)) {
    throw new Fault('bad_config', 'LEDGER_VRF_KEY: not 64 lower-case hex digits; `custody setup` makes it')
  }
  const vrfSecretKey = Buffer.from(vrfKey, 'hex')
  vrfPublicKey(vrfSecretKey)
  const signer = readSigner(signingKey, { variable: 'LEDGER_SIGNING_KEY', type: signatureTypes.ed25519, origin })
  const mlDsaSigner =
    mlDsaKey === null
      ? null
      : readSigner(mlDsaKey, { variable: 'LEDGER_MLDSA_KEY', type: signatureTypes.cosignatureMlDsa44, origin })
  return { signer, mlDsaSigner, vrfSecretKey }
}

/**
 * The verifier keys of the log's own checkpoints: those of its secrets, and the others of the setting LEDGER_VERIFIER_KEY,
 * which signed before.
 *
 * @throws bad_config when the setting's keys are another log's
 */
export function ownAndEarlierKeys(keys: LedgerKeys, setting: string | null): LogKeys {
  const own = [keys.signer, ...(keys.mlDsaSigner ? [keys.mlDsaSigner] : [])].map(verifierOf)
  const origin = keys.signer.name
  const known = setting === null ? [] : logKeysOfSetting(setting, origin).keys
  return { origin, keys: [...own, ...known.filter(({ keyId }) => own.every((key) => key.keyId !== keyId))] }
}

function readSigner(text: string, expected: { variable: string; type: number; origin: string }): NoteSigner {
  const { variable, type, origin } = expected
  const signer = parseSignerKey(text)
  if (signer.type !== type) {
    throw new Fault('bad_config', `${variable}: is a key of signature type ${signer.type}, not of type ${type}`)
  }
  if (signer.name !== origin) {
    throw new Fault('bad_config', `${variable}: is a key of ${signer.name}, but LEDGER_ORIGIN is ${origin}`)
  }
  return signer
}
