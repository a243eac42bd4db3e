import { Fault } from '../../foundation/errors.ts'
import { signatureTypes, type VerifierKey, verifierOf } from '../format/keys.ts'
import { type LogKeys, logKeysOf, logKeysOfSetting } from '../format/log-keys.ts'
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
 * The verifier keys of the log's own checkpoints: those of the setting LEDGER_VERIFIER_KEY, of which the last set is what this
 * sequencer signs with; without the setting its own keys from the beginning.
 *
 * @throws bad_config when the setting's keys are another log's, or its last set is not these keys: nobody would accept what is signed
 */
export function keysOfLog(keys: LedgerKeys, setting: string | null): LogKeys {
  const own = [keys.signer, ...(keys.mlDsaSigner ? [keys.mlDsaSigner] : [])].map(verifierOf)
  if (setting === null) return logKeysOf([{ from: 0, keys: own }])
  const log = logKeysOfSetting(setting, keys.signer.name)
  const present = log.sets.at(-1)!.keys
  const isOwn = (key: VerifierKey) => own.some(({ publicKey }) => publicKey.equals(key.publicKey))
  if (present.length === own.length && present.every(isOwn)) return log
  throw new Fault(
    'bad_config',
    'LEDGER_VERIFIER_KEY: its last key set is not the keys that this sequencer signs with (`custody keys show` prints them): nobody would accept a checkpoint of theirs; see "Rotation of the signing key" in deploy/RUNBOOK.md',
  )
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
