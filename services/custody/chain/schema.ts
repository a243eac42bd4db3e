import { type Static, Type } from 'typebox'
import { copyStates } from '../../foundation/db/words.ts'

const Time = Type.String({ description: 'ISO 8601, UTC' })
const Hex = Type.String({ description: 'lower-case hex' })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

const Subject = Type.Object({ type: Type.String(), id: Type.String() })

export const ChainSubject = Type.Object({
  subject: Type.String({
    description:
      '`type:id`: the case, whatever of footage belongs to it, and the registers of the people and things in it',
  }),
  secret: orNull(Hex),
  proof: orNull(Hex),
  count: Type.Integer({ description: 'how many of its events have a leaf' }),
})

export const ChainCopy = Type.Object({
  store: Type.String(),
  hostName: Type.String(),
  versionId: Type.String(),
  state: Type.Enum([...copyStates]),
  found: orNull(
    Type.Object({
      bytes: Type.Integer(),
      legalHold: Type.Boolean(),
      retainUntil: orNull(Time),
      sha256: orNull(Hex),
    }),
  ),
  problem: orNull(Type.String({ description: 'what is wrong with it, when something is' })),
})

export const ChainRecording = Type.Object({
  id: Type.String(),
  deviceSerial: orNull(Type.String()),
  name: orNull(Type.Object({ base64: Type.String(), text: Type.String() })),
  bytes: orNull(Type.Integer()),
  sha256: orNull(Hex),
  sm3: orNull(Hex),
  state: orNull(Type.String({ description: 'null when its row is gone' })),
  copies: Type.Array(ChainCopy),
  stages: Type.Array(Type.Object({ stage: Type.String(), attachedAt: Time, detachedAt: orNull(Time) })),
})

export const ChainEvent = Type.Object({
  id: Type.String(),
  index: orNull(Type.Integer({ description: 'its leaf; null until the sequencer took it' })),
  kind: Type.String(),
  kindName: Type.String({ description: 'Chinese' }),
  at: Time,
  actor: Type.String(),
  actorName: orNull(Type.String()),
  actorRole: Type.String(),
  onBehalfOf: Type.Optional(Type.String({ description: 'of a deputy: id of the person by whose commission he acted' })),
  onBehalfOfName: Type.Optional(Type.String()),
  subjects: Type.Array(Subject),
  details: Type.Unsafe<Record<string, never>>(Type.Unknown()),
  body: Type.String({ description: 'the committed text (RFC 8785)' }),
  salt: Hex,
  leafHash: orNull(Hex),
})

/** A dock's list, as far as it is of the case, as packages show it (services/ledger/DESIGN.md §6, "Hand-ins"). */
const ChainHandIn = Type.Object({
  handInId: Type.String(),
  lines: Type.Array(
    Type.Object({
      line: Type.Object({
        number: Type.Integer(),
        name: Type.String({ description: 'base64 of the raw bytes' }),
        bytes: Type.Integer(),
        sha256: orNull(Hex),
        deviceTime: orNull(Type.String()),
        mark: Type.Boolean(),
      }),
      path: Type.Array(Hex, { description: 'RFC 6962 §2.1.1, from the leaf’s sibling up' }),
      salt: Hex,
    }),
  ),
})

export const ChainFindingShown = Type.Object({
  code: Type.String(),
  what: Type.String(),
  where: Type.String(),
})

/** A case's evidence chain as `GET /cases/{caseId}/chain` answers it. */
export const CaseChainBody = Type.Object({
  case: Type.Object({
    number: Type.String(),
    id: orNull(Type.String()),
    title: orNull(Type.String()),
    kind: orNull(Type.String()),
    openedAt: orNull(Time),
  }),
  checkpoint: orNull(Type.String({ description: 'the signed note' })),
  vrfPublicKey: orNull(Hex),
  subjects: Type.Array(ChainSubject),
  recordings: Type.Array(ChainRecording),
  events: Type.Array(ChainEvent, { description: 'in the order of the ledger' }),
  loose: Type.Array(ChainEvent, {
    description:
      'older events of the registers, which had no subjects of their own then: nothing shows that these are all',
  }),
  handIns: Type.Array(ChainHandIn, {
    description: 'of each list that a dock signed the lines of this case, with the proof that they stand on it',
  }),
  findings: Type.Array(ChainFindingShown, {
    description: 'What the service itself found. Who verifies believes only what he verified from the tiles.',
  }),
})

export type CaseChain = Static<typeof CaseChainBody>
export type ChainFindingShown = Static<typeof ChainFindingShown>
