import type { CaseChain } from '../custody/chain/schema.ts'
import { systemClock } from '../foundation/clock.ts'
import { parseLogKeys } from '../ledger/format/log-keys.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import type { ShownFinding } from './chain-codes.ts'
import { checkShown } from './chain-shown.ts'
import { chainLines, type Language } from './chain-text.ts'
import { type VerifiedChain, verifyChain } from './chain-verify.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'
import { type KeyOptions, trustedKeys } from './trusted-keys.ts'

export interface ChainOptions extends KeyOptions, AccessSessionOptions {
  readonly objects?: boolean
  readonly json?: boolean
  readonly lang: Language
}

/**
 * Fetches a case's chain and verifies it by itself from tiles and entry bundles, with keys from outside. Exit code 0 when
 * all of it holds, 1 when anything was found by either side.
 */
export async function chainCommand(terminal: Terminal, caseNumber: string, options: ChainOptions): Promise<ExitCode> {
  const keys = trustedKeys(terminal, options)
  return withAccess(terminal, options, async (client) => {
    const chain = await fetchChain(client, caseNumber, options.objects ?? false)
    const verified = await verifyChain(chain, {
      log: parseLogKeys(keys.verifierKey),
      vrfPublicKey: Buffer.from(keys.vrfPublicKey, 'hex'),
      readTile: (path) => client.bytes(`/${path}`),
    })
    const findings = [
      ...requireAsked(chain, caseNumber),
      ...findingsOf(chain, verified, checkShown(chain, verified, systemClock.now())),
    ]
    tell(terminal, { chain, verified, findings }, options)
    return findings.length === 0 ? exitCodes.fine : exitCodes.findings
  })
}

async function fetchChain(client: AccessClient, caseNumber: string, objects: boolean): Promise<CaseChain> {
  const query = objects ? '?objects=true' : ''
  return (await client.json(`/cases/${encodeURIComponent(caseNumber)}/chain${query}`)) as CaseChain
}

/** Another case's chain, however sound, is not the answer. A case may be asked for by its id too. */
function requireAsked(chain: CaseChain, asked: string): ShownFinding[] {
  const number = asked.normalize('NFC').trim()
  if (chain.case.number === number || chain.case.id === asked) return []
  const what = `the service answered with the chain of ${chain.case.number}`
  return [{ by: 'verifier', code: 'case_differs', where: `case ${number}`, what }]
}

function findingsOf(chain: CaseChain, verified: VerifiedChain, shown: readonly ShownFinding[]): ShownFinding[] {
  return [
    ...verified.findings,
    ...shown,
    ...chain.findings.map((finding): ShownFinding => ({ by: 'service', ...finding })),
  ]
}

function tell(
  terminal: Terminal,
  told: { chain: CaseChain; verified: VerifiedChain; findings: readonly ShownFinding[] },
  options: ChainOptions,
): void {
  const { chain, verified, findings } = told
  if (!options.json) {
    for (const line of chainLines(chain, verified, findings, options.lang)) terminal.out(line)
    return
  }
  const { checkpoint, proven, uncovered } = verified
  const summary = {
    checkpoint: checkpoint && {
      origin: checkpoint.origin,
      size: checkpoint.size,
      root: checkpoint.root.toString('base64'),
    },
    provenEvents: proven.length,
    uncovered,
  }
  terminal.out(JSON.stringify({ case: chain.case, verified: summary, findings, chain }))
}
