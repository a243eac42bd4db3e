import t from 'tap'
import { type TSchema, Type } from 'typebox'
import { alarms } from '../../../services/custody/events/alarms.ts'
import { eventKinds } from '../../../services/custody/events/kinds.ts'
import { closed } from '../../../services/custody/events/shapes.ts'
import { compareGolden } from '../../support/golden.ts'

/** A JSON schema as far as shapes of details use it. */
interface Shape {
  readonly type?: string
  readonly title?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
}

t.test('the kinds, their names, subjects and members are those that were agreed', async (t) => {
  compareGolden(t, new URL('./event-kinds.golden.txt', import.meta.url), tableText())
})

t.test('every kind and every alarm has a Chinese and an English name of its own', async (t) => {
  const named = [...Object.values(eventKinds), ...Object.values(alarms)]
  for (const { zh, en } of named) {
    t.match(zh, /^[\p{Script=Han}（）]+$/u)
    t.match(en, /^[a-z][a-z' -]+$/)
  }
  t.equal(new Set(named.map(({ zh }) => zh)).size, named.length)
  t.equal(new Set(named.map(({ en }) => en)).size, named.length)
})

t.test('every act of a register names the register, and no other event does', async (t) => {
  const registers: Readonly<Record<string, readonly string[]>> = {
    person: ['account'],
    bureau: ['account'],
    deputyship: ['account'],
    spare: ['account'],
    // Where an envelope is kept is nothing that a receiver of a package is to learn.
    'spare.placed': [],
    device: ['device-register'],
    // Where a card lies is shown with the cases of its hand-in, not with every case of the device; an older hand-in's list is named by
    // no event.
    'device.card_kept': [],
    dock: ['dock-register'],
    custodian: ['custodianship'],
    'hand_in.opened': ['hand-in-list'],
  }
  const registerTypes = new Set(Object.values(registers).flat())
  for (const [kind, { subjects }] of Object.entries(eventKinds)) {
    // Those that have to be named. What was read, or is amiss, may be an event of a register; who has seen a notice named his
    // account once, and does not any more.
    const named = Object.entries(subjects).flatMap(([type, count]) =>
      registerTypes.has(type) && (count === 'one' || count === 'several') ? [type] : [],
    )
    t.same(named, registers[kind] ?? registers[kind.split('.')[0]!] ?? [], kind)
  }
})

t.test('no shape of details is open anywhere', async (t) => {
  for (const [kind, definition] of Object.entries(eventKinds)) t.same(openPlaces(shapeOf(definition), kind), [], kind)
})

t.test('open shapes are found wherever they stand', async (t) => {
  const open: readonly TSchema[] = [
    Type.Any(),
    Type.Unknown(),
    Type.Unsafe<string>({}),
    Type.Object({}),
    Type.Object({ a: Type.String() }),
    Type.Record(Type.String(), Type.Integer()),
    Type.Object({ a: Type.String() }, { additionalProperties: Type.String() }),
    Type.Array(Type.Any()),
    Type.Tuple([Type.String()]),
  ]
  for (const shape of open) {
    t.not(openPlaces(shape, 'details').length, 0, JSON.stringify(shape))
    t.not(openPlaces(closed({ deep: Type.Optional(Type.Union([Type.Null(), Type.Array(shape)])) }), 'x').length, 0)
  }
  t.same(openPlaces(closed({ a: Type.Array(closed({ b: Type.Enum(['c', 'd']) })) }), 'details'), [])
})

/** Where a shape takes more than what it declares: everything that is not one of the closed forms is open. */
function openPlaces(shape: Shape, place: string): string[] {
  if (shape.anyOf) return shape.anyOf.flatMap((one, at) => openPlaces(one, `${place}|${at}`))
  if (shape.enum || shape.const !== undefined) return []
  if (shape.type === 'array') return openPlaces(shape.items ?? {}, `${place}[]`)
  if (shape.type === 'object' && shape.properties && shape.additionalProperties === false) {
    return Object.entries(shape.properties).flatMap(([name, member]) => openPlaces(member, `${place}.${name}`))
  }
  return ['string', 'integer', 'boolean', 'null'].includes(shape.type ?? '') ? [] : [place]
}

function shapeOf(definition: { readonly shape: TSchema }): Shape {
  return definition.shape
}

function tableText(): string {
  const kinds = Object.entries(eventKinds)
    .filter(([kind]) => kind !== 'alarm.raised')
    .map(([kind, { zh, en, subjects, rows, ...definition }]) =>
      entryText(kind, { zh, en, subjects, shape: shapeOf(definition), note: rows ? 'rows: yes' : 'rows: no' }),
    )
  const raised = Object.entries(alarms).map(([word, { details, ...alarm }]) =>
    entryText(`alarm.raised ${word}`, { ...alarm, shape: closed(details), note: 'rows: no' }),
  )
  return [...kinds, ...raised].join('\n')
}

function entryText(
  title: string,
  entry: { zh: string; en: string; subjects: object; shape: Shape; note: string },
): string {
  const subjects = Object.entries(entry.subjects).map(([type, count]) => `${type} (${count})`)
  return [
    `${title}  ${entry.zh}  ${entry.en}`,
    `  subjects: ${subjects.join(', ')}; ${entry.note}`,
    ...membersOf(entry.shape).map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function membersOf(shape: Shape): string[] {
  const { properties = {}, required = [] } = shape
  return Object.entries(properties).map(
    ([name, member]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(member)}`,
  )
}

function typeText(shape: Shape): string {
  if (shape.anyOf) return shape.anyOf.map(typeText).join(' | ')
  if (shape.enum) return shape.enum.join(' | ')
  if (shape.const !== undefined) return shape.const
  if (shape.items) return `[${typeText(shape.items)}]`
  if (shape.type === 'object') return `{ ${membersOf(shape).join(', ')} }`
  return shape.title ?? shape.type ?? '?'
}
