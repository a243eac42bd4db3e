import { accountNames } from '../ledger/format/account-names.ts'
import { bagInfoText } from '../ledger/format/bag-info.ts'
import { canonicalText, type JsonValue } from '../ledger/format/canonical.ts'
import type { EventBody } from '../ledger/format/entry.ts'
import { subjectText } from '../ledger/format/links.ts'
import { isSamePerson } from '../ledger/format/one-person.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import type { Bag } from './bag.ts'
import { countingContents } from './counting-contents.ts'
import type { Findings } from './findings.ts'
import { type PackageClaims, type PackageFiles, paths } from './package-files.ts'
import type { CheckedCheckpoint } from './stage-checkpoint.ts'

type Add = (what: string) => void

/** Stage 6, `package_differs`: bag-info.txt says nothing but what follows from package.json. */
export async function checkBagInfo(bag: Bag, { claims }: PackageFiles, findings: Findings): Promise<void> {
  const wanted = Buffer.from(bagInfoText(claims), 'utf8')
  const found = await bag.read(paths.bagInfo, wanted.length)
  if (!found.equals(wanted)) findings.add('package_differs', paths.bagInfo, 'it does not follow from package.json')
}

/** How far the clock of the host that made the package may be behind that of an event's service. */
const madeLeewayMs = 5_000

/** Stage 6, `package_differs`: package.json against making.json, the checkpoint, the recordings, and the events about this package. */
export function checkClaims(
  { claims, making, recordings }: PackageFiles,
  events: readonly PlacedBody[],
  { checkpoint }: CheckedCheckpoint,
  findings: Findings,
): void {
  const add = (what: string) => findings.add('package_differs', paths.package, what)
  const { origin, checkpointSize, ...made } = claims
  if (textOf(made) !== textOf(making)) add('making.json says something else')
  if (origin !== checkpoint.origin) add(`it names the log ${origin}`)
  if (checkpointSize !== checkpoint.size) add(`it names a checkpoint of ${checkpointSize} leaves`)
  if (!claims.withFootage && recordings.some(({ original, playable }) => original || playable.length > 0)) {
    add('it says that there is no footage')
  }
  checkMoment(claims, events, add)
  const own = events
    .map(({ body }) => body)
    .filter(({ subjects }) => subjects.map(subjectText).includes(`package:${claims.id}`))
  const asked = own.filter(({ kind }) => kind === 'package.requested')
  const signed = own.filter(({ kind }) => kind === 'package.signed')
  if (asked.length !== 1) add(`${asked.length} events say that it was asked for, not one`)
  else checkRequest(claims, asked[0]!, add)
  checkSignature(claims, { asked, signed }, add)
  checkNames(claims, events, add)
}

function textOf(value: object): string {
  return canonicalText(value as JsonValue)
}

/** The report was written from the first `reportSize` leaves: after the events in them, before its digest was entered. */
function checkMoment({ id, madeAt, reportSize }: PackageClaims, events: readonly PlacedBody[], add: Add): void {
  const madeMs = Date.parse(madeAt)
  const early = events.find(({ index, body }) => index < reportSize && madeMs < Date.parse(body.at) - madeLeewayMs)
  if (early) add(`it was made at ${madeAt}, before the event ${early.body.id} of ${early.body.at} that it reports`)
  const contents = countingContents(id, events)
  if (!contents) return
  if (reportSize > contents.index) add(`its report is of ${reportSize} leaves, its contents are leaf ${contents.index}`)
  if (madeMs > Date.parse(contents.body.at) + madeLeewayMs)
    add(`it was made at ${madeAt}, after its contents were entered`)
}

/** Names are those with which the accounts were made. */
function checkNames({ madeBy, signedBy }: PackageClaims, events: readonly PlacedBody[], add: Add): void {
  const names = accountNames(events.toSorted((a, b) => a.index - b.index).map(({ body }) => body))
  for (const person of [madeBy, ...(signedBy ? [signedBy] : [])]) {
    const name = names.get(person.id)
    if (name !== undefined && name !== person.name)
      add(`${person.id} is called ${name} in the ledger, not ${person.name}`)
  }
}

function checkRequest(claims: PackageClaims, asked: EventBody, add: Add): void {
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
function checkSignature(
  { signedBy, madeBy, withFootage }: PackageClaims,
  { asked, signed }: { readonly asked: readonly EventBody[]; readonly signed: readonly EventBody[] },
  add: Add,
): void {
  if (signed.length > 1) add(`${signed.length} events say that it was signed`)
  const signer = signed[0]?.actor ?? null
  if ((signedBy?.id ?? null) !== signer) add(`by the ledger it was signed by ${signer ?? 'nobody'}`)
  if (signer === madeBy.id || signed.some((one) => asked.some((other) => isSamePerson(one, other)))) {
    add('who asked for it signed it, or one in whose place the other acted')
  }
  if (withFootage && signer === null) add('it has footage, and nobody signed it')
}
