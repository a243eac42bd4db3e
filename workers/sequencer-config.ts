import { optional, secret, text } from '../services/foundation/config.ts'
import { policySetting } from '../services/ledger/witness/policy-setting.ts'
import { processShape } from './shared-shape.ts'

/** What the sequencer's process is told. It alone is given the secret keys (as a rule by LEDGER_…_KEY_FILE). */
export const sequencerShape = {
  ...processShape,
  origin: text('LEDGER_ORIGIN'),
  signingKey: secret('LEDGER_SIGNING_KEY'),
  mlDsaKey: optional(secret('LEDGER_MLDSA_KEY')),
  vrfKey: secret('LEDGER_VRF_KEY'),
  headFile: text('LEDGER_HEAD_FILE'),
  /** The present keys and those that signed before, which other copies of the log's checkpoints are checked with. */
  verifierKey: optional(text('LEDGER_VERIFIER_KEY')),
  policy: optional(policySetting('LEDGER_POLICY')),
}
