import { canonicalText } from '../../../../services/ledger/format/canonical.ts'
import { checkpointText } from '../../../../services/ledger/format/checkpoint.ts'
import { signNote } from '../../../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../../../services/ledger/format/signed-checkpoint.ts'
import { vrfGenerateKey, vrfProve } from '../../../../services/ledger/format/vrf.ts'
import { type LogFault, type LoggedEvent, type makeLog, type OpenChain, spoil } from '../../../support/log-in-memory.ts'

export type Log = ReturnType<typeof makeLog>

/** Leaves of the log that is tampered with. */
export const size = 600

export interface Tampering {
  /** What the log itself does wrong. */
  readonly faults?: readonly LogFault[]
  readonly tamper?: (chain: OpenChain, log: Log) => void
  /** All that may be found, as `code where`. */
  readonly expect: readonly string[]
  /** The same where each event comes with the digest of its body, when that lets more be said. */
  readonly expectWithDigests?: readonly string[]
}

function bodyOf(kind: string, subjects: readonly string[], details: LoggedEvent['details'] = {}): string {
  const [actor, actorRole] = ['a', 'service']
  const named = subjects.map((one) => ({ type: one.split(':')[0]!, id: one.split(':')[1]! }))
  const at = '1970-01-01T00:00:04.000Z'
  return canonicalText({ id: 'e', kind, at, actor, actorRole, subjects: named, details })
}

/** A recording that names a person whose account was made before accounts were subjects. */
const caseOfRegisters: readonly LogFault[] = [
  { index: 3, body: bodyOf('recording.attached', ['recording:r1', 'case:C1', 'person:p9']) },
  { index: 4, body: bodyOf('person.created', ['person:p9']) },
]
const strangeStatement = {
  ...{ v: 1, act: 'setting.changed', object: 'setting:x', objectSha256: 'ab'.repeat(32) },
  ...{ person: 'another', role: 'service', askedAt: '1970-01-01T00:00:03.000Z' },
}

/** Each tampering, and all that may be said about it. */
export const tamperings: Record<string, Tampering> = {
  'an event is left out': { tamper: (chain) => chain.events.splice(3, 1), expect: ['event_missing leaf 12'] },
  'the last event is left out': { tamper: (chain) => chain.events.pop(), expect: ['last_event_missing leaf 598'] },
  'all events are left out': {
    tamper: (chain) => chain.events.splice(2),
    expect: Array.from({ length: size }, (_, n) => n)
      .filter((n) => n > 5 && (n % 7 === 3 || n % 7 === 5))
      .map((n) => `last_event_missing leaf ${n}`),
  },
  'a body is changed': {
    tamper: (chain) => {
      const event = chain.events[0]!
      event.details = { number: 4 }
      event.body = canonicalText({ ...JSON.parse(event.body), details: event.details })
    },
    expect: ['body_differs event e3'],
    expectWithDigests: ['salt_differs event e3'],
  },
  'a salt is changed': {
    tamper: (chain) => {
      chain.events[1]!.salt = '00'.repeat(32)
    },
    expect: ['body_differs event e5'],
    expectWithDigests: ['salt_differs event e5'],
  },
  'a salt is cut': {
    tamper: (chain) => {
      chain.events[1]!.salt = '00'
    },
    expect: ['body_differs event e5'],
    expectWithDigests: ['salt_differs event e5'],
  },
  'two events are swapped': {
    tamper: (chain) => {
      const [first, second] = chain.events
      ;[first!.index, second!.index] = [second!.index, first!.index]
      chain.events.splice(0, 2, second!, first!)
    },
    expect: ['index_differs event e5', 'index_differs event e3'],
  },
  'events are out of order': {
    tamper: (chain) => chain.events.splice(0, 2, chain.events[1]!, chain.events[0]!),
    expect: ['order_differs event e3'],
  },
  'an event is shown twice': {
    tamper: (chain) => chain.events.push(chain.events.at(-1)!),
    expect: ['event_twice event e598'],
  },
  'an event of another case is shown': {
    tamper: (chain, log) => chain.events.splice(1, 0, log.eventAt(4)),
    expect: ['subject_missing account:p1', 'event_extra event e4'],
  },
  'an older act of a register of the case is shown beside the events': {
    faults: caseOfRegisters,
    tamper: (chain, log) => {
      chain.subjects.push(log.disclose('account:p9'))
      chain.loose.push(log.eventAt(4))
    },
    expect: [],
  },
  'the secret of that register is held back': {
    faults: caseOfRegisters,
    tamper: (chain, log) => chain.loose.push(log.eventAt(4)),
    expect: ['subject_missing account:p9'],
  },
  'it is left out, and the register has no secret': {
    faults: caseOfRegisters,
    expect: ['subject_missing account:p9'],
  },
  'the older act of a register is another’s': {
    faults: [caseOfRegisters[0]!, { index: 4, body: bodyOf('person.created', ['person:p8']) }],
    tamper: (chain, log) => chain.loose.push(log.eventAt(4)),
    expect: ['subject_missing account:p9', 'loose_extra event e4'],
  },
  'an older act was changed, and is shown twice': {
    faults: caseOfRegisters,
    tamper: (chain, log) => {
      chain.subjects.push(log.disclose('account:p9'))
      chain.loose.push(log.eventAt(4), { ...log.eventAt(4), salt: '00'.repeat(32) })
    },
    expect: ['event_twice event e4', 'body_differs event e4', 'event_repeated event e4'],
  },
  'an event of the case stands among the older acts besides': {
    tamper: (chain) => chain.loose.push(chain.events[0]!),
    expect: ['event_twice event e3', 'loose_extra event e3'],
  },
  'a statement is of another person': {
    faults: [
      { index: 3, body: bodyOf('setting.changed', ['case:C1', 'recording:r1'], { statement: strangeStatement }) },
    ],
    expect: ['statement_differs event e3'],
  },
  'a secret is that of another key': {
    tamper: (chain) => {
      const { output, proof } = vrfProve(vrfGenerateKey(), Buffer.from('recording:r1'))
      chain.subjects[1] = { subject: 'recording:r1', secret: output.toString('hex'), proof: proof.toString('hex') }
    },
    expect: ['secret_differs recording:r1'],
  },
  'a secret is shown without its proof': {
    tamper: (chain) => {
      chain.subjects[1] = { ...chain.subjects[1]!, proof: null }
    },
    expect: ['secret_differs recording:r1'],
  },
  'a proof is shown without its secret': {
    tamper: (chain) => {
      chain.subjects[1] = { ...chain.subjects[1]!, secret: null }
    },
    expect: ['secret_differs recording:r1'],
  },
  'a secret is held back': {
    tamper: (chain) => {
      chain.subjects[1] = { subject: 'recording:r1', secret: null, proof: null }
    },
    expect: ['subject_missing recording:r1'],
  },
  'a subject is not disclosed': {
    tamper: (chain) => chain.subjects.pop(),
    expect: [
      'subject_missing recording:r1',
      ...Array.from({ length: 85 }, (_, n) => `event_extra event e${n * 7 + 5}`),
    ],
  },
  'a subject is disclosed twice': {
    tamper: (chain, log) => chain.subjects.push(log.disclose('recording:r1')),
    expect: ['subject_twice recording:r1'],
  },
  'a subject of another case is disclosed': {
    tamper: (chain, log) => chain.subjects.push(log.disclose('recording:r2')),
    expect: ['subject_extra recording:r2'],
  },
  'the checkpoint is not a checkpoint': {
    tamper: (chain) => {
      chain.checkpoint = 'x'
    },
    expect: ['checkpoint_malformed'],
  },
  'the checkpoint has an extension line': {
    tamper: (chain, { root, signer }) => {
      chain.checkpoint = signNote(checkpointText({ origin: 'test.log', size, root, extensions: ['more'] }), signer)
    },
    expect: ['checkpoint_malformed'],
  },
  'the checkpoint is that of another log': {
    tamper: (chain, { root, signer }) => {
      chain.checkpoint = signCheckpoint({ origin: 'other.log', size, root }, signer)
    },
    expect: ['checkpoint_origin'],
  },
  'the checkpoint was changed after it was signed': {
    tamper: (chain) => {
      chain.checkpoint = chain.checkpoint.replace('\n600\n', '\n500\n')
    },
    expect: ['checkpoint_signature'],
  },
  'the log signed another root': {
    tamper: (chain, log) => {
      chain.checkpoint = signCheckpoint({ origin: 'test.log', size, root: Buffer.alloc(32) }, log.signer)
    },
    expect: ['root_differs checkpoint'],
  },
  'a tile was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/0/001', 40),
    expect: ['tile_differs tile/0/001'],
  },
  'an upper tile was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/1/000.p/2', 40),
    expect: ['tile_differs tile/1/000.p/2'],
  },
  'a tile is cut': {
    tamper: (_, log) => log.files.set('tile/0/001', log.files.get('tile/0/001')!.subarray(32)),
    expect: ['tile_differs tile/0/001'],
  },
  'a tile is missing': {
    tamper: (_, log) => log.files.delete('tile/0/001'),
    expect: ['tile_missing tile/0/001'],
  },
  'an entry was changed': {
    // 2 bytes of length and 668 of data an entry: this is a hex digit of leaf 258's commitment.
    tamper: (_, log) => spoil(log.files, 'tile/entries/001', entryOffset(log, 2) + 40),
    expect: ['leaf_differs leaf 258'],
  },
  'the entry of an event of the case was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/entries/000', entryOffset(log, 3) + 40),
    expect: ['leaf_differs leaf 3'],
  },
  'a bundle is cut': {
    tamper: (_, log) => log.files.set('tile/entries/001', log.files.get('tile/entries/001')!.subarray(5)),
    expect: ['bundle_malformed tile/entries/001'],
  },
  'the log signed an entry that is not a leaf': {
    faults: [{ index: 6, data: Buffer.from('none') }],
    expect: ['leaf_malformed leaf 6'],
  },
  'the log signed such an entry for an event of the case': {
    faults: [{ index: 5, data: Buffer.from('none') }],
    expect: ['leaf_malformed leaf 5'],
  },
  'the log committed a body that is not an event': {
    faults: [{ index: 5, body: '{}' }],
    expect: ['body_malformed event e5'],
  },
  'the log committed an event without an id': {
    faults: [{ index: 5, body: eventText({}) }],
    expect: ['body_malformed event e5'],
  },
  'the log left out the link of an event': {
    faults: [{ index: 5, unlinked: 'recording:r1' }],
    expect: ['link_missing leaf 5'],
  },
  'the log skipped a number': {
    faults: [{ index: 10, steps: { subject: 'recording:r1', by: 2 } }],
    expect: ['number_missing recording:r1'],
  },
  'the log gave two numbers in the wrong order': {
    faults: [2, -1, 2].map((by, at) => ({ index: [10, 12, 17][at]!, steps: { subject: 'recording:r1', by } })),
    expect: ['order_differs recording:r1'],
  },
  'a number was taken back and given again, to hide its event': {
    faults: [{ index: 10, steps: { subject: 'recording:r1', by: 0 } }],
    tamper: (chain) => chain.events.splice(1, 1),
    expect: ['number_twice recording:r1', 'event_missing leaf 5'],
  },
}

/** The text of an event's body. */
export function eventText(members: { id?: string; subjects?: { type: string; id: string }[] }): string {
  const subjects = members.subjects ?? [{ type: 'recording', id: 'r1' }]
  const at = '2026-03-02T01:00:00.000Z'
  return canonicalText({ kind: 'case.opened', at, actor: 'a', actorRole: 'b', details: {}, ...members, subjects })
}

function entryOffset(log: Log, place: number): number {
  return place * (2 + log.entries[0]!.length) + 2
}
