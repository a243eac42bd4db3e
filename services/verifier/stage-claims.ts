import { canonicalText } from '../ledger/format/canonical.ts'
import type { EventBody } from '../ledger/format/entry.ts'
import { subjectText } from '../ledger/format/links.ts'
import type { Findings } from './findings.ts'
import { type PackageClaims, type PackageFiles, paths } from './package-files.ts'
import type { CheckedCheckpoint } from './stage-checkpoint.ts'

/** How far the clock of the host that made the package may be behind that of an event's service. */
const madeLeewayMs = 5_000

/** Stage 6, `package_differs`: package.json against the checkpoint, the recordings, and the events about this package. */
export function checkClaims(
  { claims, recordings }: PackageFiles,
  events: readonly EventBody[],
  { checkpoint }: CheckedCheckpoint,
  findings: Findings,
): void {
  const add = (what: string) => findings.add('package_differs', paths.package, what)
  if (claims.origin !== checkpoint.origin) add(`it names the log ${claims.origin}`)
  if (claims.checkpointSize !== checkpoint.size) add(`it names a checkpoint of ${claims.checkpointSize} leaves`)
  if (!claims.withFootage && recordings.some(({ original, playable }) => original || playable.length > 0)) {
    add('it says that there is no footage')
  }
  const early = events.find(({ at }) => Date.parse(claims.madeAt) < Date.parse(at) - madeLeewayMs)
  if (early) add(`it was made at ${claims.madeAt}, before the event ${early.id} of ${early.at} that is in it`)
  const own = events.filter(({ subjects }) => subjects.map(subjectText).includes(`package:${claims.id}`))
  const asked = own.filter(({ kind }) => kind === 'package.requested')
  const signed = own.filter(({ kind }) => kind === 'package.signed')
  if (asked.length !== 1) add(`${asked.length} events say that it was asked for, not one`)
  else checkRequest(claims, asked[0]!, add)
  checkSignature(claims, signed, add)
}

function checkRequest(claims: PackageClaims, asked: EventBody, add: (what: string) => void): void {
  const { madeBy, purpose, recipient, withFootage } = claims
  const { details } = asked
  if (madeBy.id !== asked.actor || madeBy.role !== asked.actorRole) {
    add(`it was asked for by ${asked.actor} (${asked.actorRole}), not by ${madeBy.id} (${madeBy.role})`)
  }
  const said: Record<string, boolean> = {
    purpose: details.purpose === purpose,
    recipient: details.recipient !== undefined && canonicalText(details.recipient) === canonicalText(recipient),
    withFootage: details.withFootage === withFootage,
  }
  for (const [member, isSame] of Object.entries(said)) {
    if (!isSame) add(`its ${member} is not the one that was asked for`)
  }
}

/** The second signature: the one that the ledger holds, by another person than who asked; with footage there is one. */
function checkSignature(claims: PackageClaims, signed: readonly EventBody[], add: (what: string) => void): void {
  const { signedBy, madeBy, withFootage } = claims
  if (signed.length > 1) add(`${signed.length} events say that it was signed`)
  const signer = signed[0]?.actor ?? null
  if ((signedBy?.id ?? null) !== signer) add(`by the ledger it was signed by ${signer ?? 'nobody'}`)
  if (signer === madeBy.id) add('who asked for it signed it')
  if (withFootage && signer === null) add('it has footage, and nobody signed it')
}
