import { optional, text } from '../../services/foundation/config.ts'
import { witnessesOf } from '../../services/ledger/format/witnesses.ts'
import { openWitnessClient } from '../../services/ledger/witness/client.ts'
import { policySetting, requirePolicyOf } from '../../services/ledger/witness/policy-setting.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'
import { runWitness } from '../witness.ts'
import { observeWitnesses, witnessWarnings } from '../witness-metrics.ts'

/** A loop and a lease for each witness that has an address, so that a slow one delays no other. */
export const witnessPart = part({
  name: 'witness',
  // Without a policy the log has no witnesses, and this part nothing to do.
  shape: { origin: text('LEDGER_ORIGIN'), policy: optional(policySetting('LEDGER_POLICY')) },
  check({ origin, policy }) {
    requirePolicyOf(origin, policy)
  },
  start(deps, { origin, policy }) {
    if (policy === null) return { ready: () => ({}), close: async () => undefined }
    const observed = { ...deps, policy }
    observeWitnesses(observed, deps.registry)
    const talks = witnessesOf(policy).flatMap((witness) => {
      if (witness.url === null) return []
      const client = openWitnessClient(witness.url)
      const witnessDeps = { ...deps, origin, policy, client }
      const loop = leasedLoop(deps, `witness ${witness.name}`, (signal) => runWitness(witnessDeps, witness, signal))
      return [{ client, loop }]
    })
    return {
      ready: () => ({}),
      warnings: () => witnessWarnings(observed),
      close: async () => {
        await Promise.all(talks.map(({ loop }) => loop.close()))
        await Promise.all(talks.map(({ client }) => client.close()))
      },
    }
  },
})
