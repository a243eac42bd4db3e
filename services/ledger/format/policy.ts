import { parseVerifierKey, signatureTypes, type VerifierKey } from './keys.ts'
import { malformed } from './strict.ts'

/** A witness of a policy: its name there, its key, and its submission prefix where one is given. */
export interface PolicyWitness {
  readonly name: string
  readonly key: VerifierKey
  readonly url: string | null
}

/** Whom a reader trusts, as c2sp.org/tlog-policy writes it. */
export interface Policy {
  /** As it was written, every byte. */
  readonly text: string
  readonly logKeys: readonly VerifierKey[]
  readonly witnesses: readonly PolicyWitness[]
  /** False for `quorum none`: a checkpoint needs no cosignature then. */
  readonly needsWitnesses: boolean
  /** "the rule that determines whether or not a subset of witnesses that have cosigned a checkpoint is strong enough" */
  isMet(cosigners: readonly VerifierKey[]): boolean
}

interface Group {
  readonly least: number
  readonly members: readonly string[]
}

interface Draft {
  readonly logKeys: VerifierKey[]
  readonly witnesses: PolicyWitness[]
  readonly groups: Map<string, Group>
  /** Names that are a member of some group. */
  readonly members: Set<string>
  quorum: string | null
}

const logTypes: readonly number[] = [signatureTypes.ed25519, signatureTypes.cosignatureMlDsa44]
const witnessTypes: readonly number[] = [signatureTypes.cosignatureEd25519, signatureTypes.cosignatureMlDsa44]

/**
 * Reads a policy, c2sp.org/tlog-policy: lines `log`, `witness`, `group` and exactly one `quorum`; "Empty lines (whitespace
 * only) and comment lines (lines starting with "#", possibly preceded by whitespace) are allowed and ignored."
 *
 * @throws malformed, naming the line
 */
export function parsePolicy(text: string): Policy {
  checkCharacters(text)
  if (!text.endsWith('\n')) throw malformed('each line of a policy is ended by a newline')
  const draft: Draft = { logKeys: [], witnesses: [], groups: new Map(), members: new Set(), quorum: null }
  text.split('\n').forEach((line, at) => {
    const items = line.split(/[ \t]+/).filter((item) => item !== '')
    if (items.length > 0 && !items[0]!.startsWith('#')) readLine(items, draft, `line ${at + 1} of the policy`)
  })
  const { quorum } = draft
  if (quorum === null) throw malformed('a policy has a quorum line')
  checkKindsTogether(draft)
  return {
    text,
    logKeys: draft.logKeys,
    witnesses: draft.witnesses,
    needsWitnesses: quorum !== 'none',
    isMet: (cosigners) => quorum === 'none' || isWitnessed(quorum, draft, cosigners),
  }
}

/** The one origin that all logs of a policy have. @throws malformed when there is none, or more than one */
export function originOf(policy: Policy): string {
  const [first, ...others] = new Set(policy.logKeys.map((key) => key.name))
  if (first === undefined || others.length > 0) throw malformed('the policy names one log, with one or more keys')
  return first
}

/**
 * A witness that signs with keys of several kinds has a line for each, all with its key name. DESIGN.md §5: they count
 * together only, so they stand in one group that asks for `all`. In a group that asks for fewer, one kind of signature
 * that is broken or stolen would be enough, or one witness would count as two.
 */
function checkKindsTogether({ witnesses, groups, quorum }: Draft): void {
  for (const keyName of new Set(witnesses.map(({ key }) => key.name))) {
    const lines = witnesses.filter(({ key }) => key.name === keyName).map(({ name }) => name)
    const isQuorum = lines.some((line) => line === quorum)
    const using = [...groups.values()].filter(({ members }) => lines.some((line) => members.includes(line)))
    if (lines.length === 1 || (using.length === 0 && !isQuorum)) continue
    const isTogether = using.every(
      ({ least, members }) => least === members.length && lines.every((line) => members.includes(line)),
    )
    if (isTogether && !isQuorum) continue
    throw malformed(
      `${lines.join(' and ')} are keys of one witness, ${keyName}, and count together only: write "group <name> all ${lines.join(' ')}" and use that group`,
    )
  }
}

function readLine(items: readonly string[], draft: Draft, where: string): void {
  const [keyword, ...rest] = items
  if (keyword === 'log') readLog(rest, draft, where)
  else if (keyword === 'witness') readWitness(rest, draft, where)
  else if (keyword === 'group') readGroup(rest, draft, where)
  else if (keyword === 'quorum') readQuorum(rest, draft, where)
  else throw malformed(`${where} begins with none of log, witness, group, quorum`)
}

function readLog([key, , ...others]: readonly string[], draft: Draft, where: string): void {
  if (key === undefined || others.length > 0) throw malformed(`${where} is not log <vkey> [<url>]`)
  const parsed = readKey(key, logTypes, where)
  // "Duplicate logs, i.e., multiple log lines with the same public key, are not allowed."
  if (draft.logKeys.some((known) => isSameKey(known, parsed))) throw malformed(`${where} repeats a log's key`)
  draft.logKeys.push(parsed)
}

function readWitness([name, key, url, ...others]: readonly string[], draft: Draft, where: string): void {
  if (name === undefined || key === undefined || others.length > 0) {
    throw malformed(`${where} is not witness <name> <vkey> [<url>]`)
  }
  checkNewName(name, draft, where)
  const parsed = readKey(key, witnessTypes, where)
  if (draft.witnesses.some((known) => isSameKey(known.key, parsed))) throw malformed(`${where} repeats a witness's key`)
  if (url !== undefined && !URL.canParse(url)) throw malformed(`${where} has an address that is no URL`)
  draft.witnesses.push({ name, key: parsed, url: url ?? null })
}

function readGroup([name, threshold, ...members]: readonly string[], draft: Draft, where: string): void {
  if (name === undefined || threshold === undefined || members.length === 0) {
    throw malformed(`${where} is not group <name> <all, any or a number> <name>…`)
  }
  checkNewName(name, draft, where)
  for (const member of members) {
    checkKnownName(member, draft, where)
    // "Each defined name can be listed as a group member at most once. This ensures that each witness can contribute to a
    // group, or to the quorum in particular, in only one way."
    if (draft.members.has(member)) throw malformed(`${where} makes ${member} a member a second time`)
    draft.members.add(member)
  }
  const least = threshold === 'all' ? members.length : threshold === 'any' ? 1 : Number(threshold)
  if (!/^(all|any|[1-9]\d*)$/.test(threshold) || least > members.length) {
    throw malformed(`${where} asks for ${threshold} of ${members.length}`)
  }
  draft.groups.set(name, { least, members })
}

function readQuorum([name, ...others]: readonly string[], draft: Draft, where: string): void {
  if (name === undefined || others.length > 0) throw malformed(`${where} is not quorum <name>`)
  if (draft.quorum !== null) throw malformed(`${where} is a second quorum`)
  if (name !== 'none') checkKnownName(name, draft, where)
  draft.quorum = name
}

function readKey(text: string, types: readonly number[], where: string): VerifierKey {
  const key = parseVerifierKey(text)
  if (!types.includes(key.type)) throw malformed(`${where} has a key of signature type ${key.type}`)
  return key
}

/** "the allowed octet values are 0x09 (tab), 0x0A (newline), 0x20-0x7E, and 0x80-0xFF." */
function checkCharacters(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
  const at = text.search(/[\x00-\x08\x0b-\x1f\x7f]/)
  if (at < 0) return
  const line = text.slice(0, at).split('\n').length
  throw malformed(`line ${line} of the policy holds a control character; its lines end with a newline alone`)
}

/** "Two vkeys are considered duplicate if they wrap the same underlying public key" */
function isSameKey(one: VerifierKey, other: VerifierKey): boolean {
  return one.publicKey.equals(other.publicKey)
}

/** "Witnesses and groups share a single namespace." */
function checkNewName(name: string, draft: Draft, where: string): void {
  if (name === 'none' || isKnown(name, draft)) throw malformed(`${where} gives the name ${name} a second time`)
}

function checkKnownName(name: string, draft: Draft, where: string): void {
  if (!isKnown(name, draft)) throw malformed(`${where} names ${name}, which no line before defines`)
}

function isKnown(name: string, { witnesses, groups }: Draft): boolean {
  return groups.has(name) || witnesses.some((witness) => witness.name === name)
}

function isWitnessed(name: string, draft: Draft, cosigners: readonly VerifierKey[]): boolean {
  const witness = draft.witnesses.find((one) => one.name === name)
  if (witness) return cosigners.some((key) => key.name === witness.key.name && key.keyId === witness.key.keyId)
  const group = draft.groups.get(name)
  if (!group) return false
  return group.members.filter((member) => isWitnessed(member, draft, cosigners)).length >= group.least
}
