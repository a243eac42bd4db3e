import { writeFile } from 'node:fs/promises'
import { isEventKind, kindName } from '../custody/events/kinds.ts'
import { optional, readConfig, text } from '../foundation/config.ts'
import { Fault, isFault } from '../foundation/errors.ts'
import { type LogKeys, parseLogKeys } from '../ledger/format/log-keys.ts'
import { verifyConsistency } from '../ledger/format/merkle.ts'
import type { Policy } from '../ledger/format/policy.ts'
import { openCheckpoint } from '../ledger/format/signed-checkpoint.ts'
import { readBase64, readDecimal, unproven } from '../ledger/format/strict.ts'
import { type DisclosedEvent, type VerifiedEvent, verifyDisclosed } from '../ledger/verify/disclosed.ts'
import { policySetting } from '../ledger/witness/policy-setting.ts'
import { openJson } from './access-client.ts'
import { type AccessSessionOptions, accessAddress, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { printable, type Terminal } from './terminal.ts'

interface ProofOptions extends AccessSessionOptions {
  readonly verifierKey?: string
  readonly json?: boolean
}

/**
 * Fetches one event with its proof and verifies it by itself, with keys from outside. Exit code 0 when it holds, 1 when it
 * does not. With `--out` the c2sp.org/tlog-proof is written to a file that is not there yet.
 */
export async function proofCommand(
  terminal: Terminal,
  eventId: string,
  options: ProofOptions & { out?: string },
): Promise<ExitCode> {
  const keys = logKeys(terminal, options)
  const { policy } = readConfig(terminal.env, { policy: optional(policySetting('LEDGER_POLICY')) })
  const given = (await withAccess(terminal, options, (client) =>
    client.json(`/events/${encodeURIComponent(eventId)}/proof`),
  )) as DisclosedEvent
  const verdict = verdictOf(() => {
    const verified = verifyDisclosed(given, { log: keys, policy })
    // Another event, however well proven, is not the answer.
    if (verified.event.id !== eventId) throw unproven(`the service answered with the event ${verified.event.id ?? ''}`)
    return verified
  })
  if ('problem' in verdict) return refuse(terminal, verdict.problem, options)
  if (options.out) await writeNew(options.out, given.proof)
  tellEvent(terminal, verdict.value, { ...options, policy, given })
  return exitCodes.fine
}

/** Fetches the proof that one published checkpoint's tree begins with another's, and verifies it by itself. Nobody signs in. */
export async function consistencyCommand(
  terminal: Terminal,
  sizes: { from: string; to: string },
  options: ProofOptions,
): Promise<ExitCode> {
  const keys = logKeys(terminal, options)
  const [from, to] = [readDecimal(sizes.from, 'FROM'), readDecimal(sizes.to, 'TO')]
  const address = accessAddress(terminal, options)
  const given = (await openJson(address, `/ledger/consistency?from=${from}&to=${to}`)) as {
    from: string
    to: string
    proof: string[]
  }
  const verdict = verdictOf(() => {
    const [older, newer] = [openSigned(given.from, keys, from), openSigned(given.to, keys, to)]
    const proof = given.proof.map((hash) => readBase64(hash, 'a hash of the proof'))
    const claim = { oldSize: from, newSize: to, oldRoot: older.root, newRoot: newer.root, proof }
    if (!verifyConsistency(claim)) throw unproven(`the tree of ${to} does not begin with the tree of ${from}`)
    return { older, newer }
  })
  if ('problem' in verdict) return refuse(terminal, verdict.problem, options)
  const { older, newer } = verdict.value
  const roots = [older, newer].map(({ root }) => root.toString('base64'))
  if (options.json) {
    terminal.out(
      JSON.stringify({ consistent: true, origin: keys.origin, from, to, fromRoot: roots[0], toRoot: roots[1] }),
    )
    return exitCodes.fine
  }
  terminal.out(`${words[options.lang ?? 'zh'].consistent}${printable(keys.origin)}`)
  terminal.out(`${from}: ${roots[0]}`)
  terminal.out(`${to}: ${roots[1]}`)
  return exitCodes.fine
}

/** The ledger's verifier keys from outside of what is checked. @throws bad_config, malformed */
function logKeys(terminal: Terminal, options: ProofOptions): LogKeys {
  const { setting } = readConfig(terminal.env, { setting: optional(text('LEDGER_VERIFIER_KEY')) })
  const keys = options.verifierKey ?? setting
  if (keys) return parseLogKeys(keys)
  throw new Fault('bad_config', "--verifier-key (or LEDGER_VERIFIER_KEY): the ledger's verifier keys, from outside")
}

/** A checkpoint of this size that the log signed. @throws malformed, unproven */
function openSigned(note: string, keys: LogKeys, size: number) {
  const checkpoint = openCheckpoint(note, keys)
  if (checkpoint.size !== size) throw unproven(`the checkpoint is of ${checkpoint.size} entries, not of ${size}`)
  return checkpoint
}

function verdictOf<T>(verify: () => T): { value: T } | { problem: string } {
  try {
    return { value: verify() }
  } catch (error) {
    if (isFault(error, 'malformed') || isFault(error, 'unproven')) return { problem: error.message }
    throw error
  }
}

function refuse(terminal: Terminal, problem: string, options: ProofOptions): ExitCode {
  if (options.json) terminal.out(JSON.stringify({ verified: false, problem }))
  else terminal.out(`${words[options.lang ?? 'zh'].fails}${printable(problem)}`)
  return exitCodes.findings
}

const words = {
  zh: {
    holds: '成立：',
    fails: '不成立：',
    consistent: '一致：',
    event: '事件：',
    about: '涉及：',
    place: (index: number, size: number, root: string) => `流转日志：第 ${index} 条，存证节点 ${size}：${root}`,
    notChecked: '外部见证：未核对（未给出 LEDGER_POLICY）',
    witnessed: '外部见证：已足够',
    notWitnessed: '外部见证：尚不足',
  },
  en: {
    holds: 'holds: ',
    fails: 'does not hold: ',
    consistent: 'consistent: ',
    event: 'event: ',
    about: 'about: ',
    place: (index: number, size: number, root: string) => `ledger: entry ${index}, checkpoint ${size}: ${root}`,
    notChecked: 'witnesses: not checked, no LEDGER_POLICY given',
    witnessed: 'witnesses: enough have signed',
    notWitnessed: 'witnesses: not enough have signed yet',
  },
} as const

function tellEvent(
  terminal: Terminal,
  { event, index, size, root, isWitnessed }: VerifiedEvent,
  told: ProofOptions & { policy: Policy | null; given: DisclosedEvent },
): void {
  const { body, salt, entry, proof } = told.given
  const witnessed = told.policy?.needsWitnesses ? isWitnessed : null
  if (told.json) {
    const checkpoint = { size, root: root.toString('base64') }
    terminal.out(JSON.stringify({ verified: true, index, checkpoint, witnessed, body, salt, entry, proof }))
    return
  }
  const language = told.lang ?? 'zh'
  const say = words[language]
  const name = isEventKind(event.kind) ? `${kindName(event.kind, language)} ` : ''
  terminal.out(`${say.holds}${name}${printable(event.kind)} ${event.at}`)
  terminal.out(`${say.event}${printable(event.id ?? '')}`)
  for (const { type, id } of event.subjects) terminal.out(`${say.about}${printable(`${type}:${id}`)}`)
  terminal.out(say.place(index, size, root.toString('base64')))
  if (witnessed === null) terminal.out(say.notChecked)
  else terminal.out(witnessed ? say.witnessed : say.notWitnessed)
}

async function writeNew(path: string, content: string): Promise<void> {
  await writeFile(path, content, { flag: 'wx' }).catch((cause) => {
    throw new Fault('bad_request', `${path} cannot be written; a file that is there is not written over`, { cause })
  })
}
