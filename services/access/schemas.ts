import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { fewerOfficersReasonMin } from '../custody/events/few-officers.ts'
import { InventorySummary } from '../custody/events/inventory-summary.ts'
import { renditionEvents } from '../custody/events/rendition.ts'
import { type OriginKind, originNames, sharedSeats } from '../custody/events/words.ts'
import { actingRoles } from '../custody/roles/permissions.ts'
import { namedBeginning, namedEnd } from '../custody/settings/named-time.ts'
import { thirdStates } from '../custody/signing/shown-third.ts'
import type { RenditionCheck } from '../custody/viewing/rendition-detail.ts'
import {
  caseKinds,
  currentRenditionStates,
  identityGrades,
  mediaKinds,
  recordingStates,
  renditionKinds,
  renditionMethods,
  roles,
  stages,
  statementKinds,
  userGrades,
  whyNotPlayable,
} from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import { storeNames } from '../foundation/store/store.ts'

/** Shapes that several routes share. Times are ISO 8601 in UTC, digests lower-case hex, lengths of film milliseconds. */
export const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' })
export const Time = Type.String({ description: 'ISO 8601, UTC' })
/** As a request names it. */
export const Beginning = Type.String({ description: 'ISO 8601; a day is meant from its midnight in Asia/Shanghai' })
export const End = Type.String({ description: 'ISO 8601; a day counts whole, to its end in Asia/Shanghai' })
export const Hex = Type.String({ pattern: '^[0-9a-f]+$' })
/** Text for people: at least `minLength` characters that are not blanks at its ends. */
export const Words = (maxLength: number, minLength = 1) =>
  Type.String({ minLength, maxLength, pattern: minLength < 2 ? '\\S' : `\\S[\\s\\S]{${minLength - 2},}\\S` })
/** Of a device that is registered here. */
export const Serial = Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$' })
/** A whole number in a path or query as one writes it: 1.5 is not taken for 1. */
export const Decimal = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
/** A place in a film: none is longer than 30 days. */
export const FilmMs = Type.Integer({ minimum: 0, maximum: 30 * 24 * 60 * 60_000 })
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
export const RoleWord = Type.Enum([...roles])
export const ActingRoleWord = Type.Enum([...actingRoles])
export const Null = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])
export const NoContent = { 204: Type.Null({ description: 'done' }) }
/** An answer that is text of this media type; what is refused is JSON all the same. */
export const TextAnswer = (mediaType: string, description: string) => ({
  description,
  content: { [mediaType]: { schema: Type.String() } },
})
/** An answer that is bytes of one of these media types. */
export const BytesAnswer = (mediaTypes: readonly string[], description: string) => {
  const schema = Type.Unsafe<Buffer | Readable>({ type: 'string', format: 'binary' })
  return { description, content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }])) }
}

export const PersonShort = Type.Object({ id: Id, name: Type.String(), role: RoleWord })

export const Rendition = Type.Object({
  state: Type.Enum([...currentRenditionStates]),
  kind: Null(Type.Enum([...renditionKinds])),
  method: Null(Type.Enum([...renditionMethods])),
  durationMs: Null(Type.Integer()),
  reason: Null(Type.String({ description: 'why it cannot be played, as a sentence in English' })),
  why: Null(Type.Enum([...whyNotPlayable])),
  reasonZh: Null(Type.String({ description: 'the same in Chinese' })),
})

export const RecordingSummary = Type.Object({
  id: Id,
  deviceSerial: Type.String(),
  officerId: Null(Id),
  userGrade: Type.Enum([...userGrades], { description: 'how it is known whose recording it is' }),
  name: Type.Object({ base64: Type.String({ description: 'the raw bytes of the name' }), text: Type.String() }),
  mediaKind: Type.Enum([...mediaKinds]),
  bytes: Type.Integer(),
  sha256: Hex,
  sm3: Null(Hex),
  mark: Type.Boolean(),
  deviceTime: Null(Time),
  deviceTimeText: Null(
    Type.String({ description: 'as the device said it; deviceTime is null when the calendar has no such time' }),
  ),
  clockOffsetMs: Null(Type.Integer()),
  correctedTime: Null(Time),
  flags: Type.Array(Type.String()),
  state: Type.Enum([...recordingStates]),
  quarantineReason: Null(Type.String()),
  quarantineEndedAt: Null(Time),
  sealedAt: Time,
  securedAt: Null(Time),
  rendition: Null(Rendition),
})

export const InBothLanguages = Type.Object({ zh: Type.String(), en: Type.String() })
export const Someone = Type.Object({ id: Id, name: Type.String() })

/** Reads a beginning that a request names: a time of the years 1 to 9999, or a day from its midnight. @throws bad_request naming the field */
export function beginningOf(field: string, text: string): Date {
  return requireNamed(field, namedBeginning(text))
}

/** Reads an end that a request names: a time, or a day, which counts whole. @throws bad_request naming the field */
export function endOf(field: string, text: string): Date {
  return requireNamed(field, namedEnd(text))
}

function requireNamed(field: string, time: Date | null): Date {
  const year = time?.getUTCFullYear() ?? 0
  if (time && year >= 1 && year <= 9999) return time
  throw new Fault(
    'bad_request',
    `${field}: a day (2026-12-01, in Asia/Shanghai) or a time in ISO 8601 is expected, of the years 1 to 9999`,
  )
}

/** Another office acted on the same matter from the same seat shortly before (同机签署). */
export const SameSeat = Null(
  Type.Object({
    with: Someone,
    by: Type.Enum(Object.keys(sharedSeats) as (keyof typeof sharedSeats)[]),
    minutesApart: Type.Integer(),
  }),
)

/** A signature from outside the bureau's accounts that an act rests on, because its own names are not enough. */
export const ThirdSignature = Null(
  Type.Object({ name: Type.String(), office: Type.String(), state: Type.Enum([...thirdStates]), confirmBy: Time }),
)

export const StageWord = Type.Enum([...stages])

/** Shown wherever fewer than two officers are named; null where there are two. */
export const FewerOfficers = Null(
  Type.Object(
    { zh: Type.String(), en: Type.String() },
    { description: 'fewer than two officers are named: what to show' },
  ),
)
/** Whom a case or a filing names. */
export const filedPeople = {
  officerIds: Type.Array(Id),
  participantIds: Type.Array(Id, { description: '参与人员: assistants, who never count among the two officers' }),
  fewerOfficers: FewerOfficers,
}
/** The same, as it is asked for. */
export const namedPeople = {
  officerIds: Type.Array(Id, { maxItems: 50, description: 'certified officers; the law wants two' }),
  participantIds: Type.Optional(Type.Array(Id, { maxItems: 50, description: '参与人员: assistants' })),
  fewerOfficersReason: Type.Optional(
    Null(
      Type.String({
        ...Words(500, fewerOfficersReasonMin),
        description: 'needed when fewer than two officers are named',
      }),
    ),
  ),
}

const Sentences = Type.Array(Type.String())
const Ready = renditionEvents['rendition.ready'].shape.properties

const RenditionDetail = Type.Object({
  ...Rendition.properties,
  tracks: Type.Array(
    Type.Object({
      track: Type.Integer({ description: '0 is the main one' }),
      kind: Type.Enum([...renditionKinds]),
      streams: Type.Array(Type.Integer(), { description: 'numbers of the original’s own streams' }),
      channels: Null(Type.Array(Type.Integer(), { description: 'numbers of the sound’s channels, from 1' })),
      durationMs: Null(Type.Integer()),
      codecs: Null(Type.String({ description: 'RFC 6381' })),
    }),
  ),
  /** How it differs from the original; null while it was not compared, and when the ledger does not confirm what is stored. */
  check: Null(
    Type.Unsafe<RenditionCheck>(
      Type.Object({
        originalWasChecked: Type.Boolean(),
        notes: Type.Object({ zh: Sentences, en: Sentences }),
        differences: Ready.differences,
        holes: Ready.holes,
        notShown: Ready.notShown,
        statedMs: Null(Type.Integer({ description: 'the length that the original’s header states' })),
        foundMs: Null(Type.Integer({ description: 'the length of what can be played' })),
      }),
    ),
  ),
})

/** What somebody said at a dock of files that he handed in. */
export const SaidOfFiles = Type.Object({
  id: Id,
  kind: Type.Enum([...statementKinds]),
  kindWords: InBothLanguages,
  lineNumbers: Type.Array(Type.Integer(), { description: 'lines of the list; empty for all' }),
  words: Null(Type.String()),
  by: Null(Someone),
  grade: Type.Enum([...identityGrades]),
  gradeWords: InBothLanguages,
  identified: Type.Boolean(),
  saidAt: Type.String({ description: 'by the clock of the dock' }),
  at: Time,
})
/** How a hand-in was corrected, or is to be. */
export const Correction = Type.Object({
  id: Id,
  deviceSerial: Null(Type.String()),
  user: Null(Someone),
  reason: Type.String(),
  askedBy: Someone,
  askedAt: Time,
  decidedBy: Null(Someone),
  decidedAt: Null(Time),
  confirmed: Null(Type.Boolean({ description: 'null while it waits' })),
})

export const RecordingDetail = Type.Object({
  ...RecordingSummary.properties,
  user: Null(Someone),
  userGradeWords: InBothLanguages,
  origin: Null(
    Type.Object(
      {
        kind: Type.Enum(Object.keys(originNames) as OriginKind[]),
        words: InBothLanguages,
        from: Null(Type.String({ description: 'slot, card or station, in the dock’s words' })),
      },
      { description: 'how the dock came by the file, as its signed list says' },
    ),
  ),
  /** The word of whoever handed it in; it decides nothing. */
  statements: Type.Array(SaidOfFiles),
  /** Of the hand-in it came by, confirmed: the recording keeps what the list said. */
  corrections: Type.Array(Correction),
  preview: Type.Boolean({
    description:
      'whether a viewing shows the preview now: the first minute alone, made before the original was compared with the sealed digest',
  }),
  rendition: Null(RenditionDetail),
  copies: Type.Array(
    Type.Object({
      store: Type.Enum([...storeNames]),
      hostName: Type.String(),
      state: Type.Enum(['stored', 'verified', 'damaged']),
      versionId: Type.String(),
      retainUntil: Time,
      legalHold: Type.Boolean(),
      verifiedAt: Null(Time),
    }),
  ),
  /** Null until the file was looked into. */
  inventory: Null(
    Type.Object({
      sha256: Hex,
      bytes: Type.Integer(),
      tool: Type.String(),
      takenAt: Time,
      summary: InventorySummary,
    }),
  ),
  cases: Type.Array(
    Type.Object({
      caseId: Id,
      number: Type.String(),
      title: Type.String(),
      stage: StageWord,
      ...filedPeople,
    }),
  ),
})

export const CaseSummary = Type.Object({
  id: Id,
  number: Type.String(),
  kind: Type.Enum([...caseKinds]),
  title: Type.String(),
  partyId: Id,
  departments: Type.Array(Type.String()),
  ...filedPeople,
  outsideNumber: Null(Type.String()),
  openedAt: Time,
})
