/** A JSON schema as far as the documents of our servers use it. */
export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

/** A value in the place of a sound one; `isText`: it holds a character that no text may hold. */
export interface Hostile {
  readonly at: string
  readonly value: unknown
  readonly isText: boolean
}

const sampleOfPattern: Readonly<Record<string, string>> = {
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$': '00000000-0000-4000-8000-000000000000',
  '^[0-9a-f]{64}$': 'a'.repeat(64),
  '^[A-Za-z0-9+/]{43}=$': `${'A'.repeat(43)}=`,
  '^[A-Za-z0-9+/]{86}==$': `${'A'.repeat(86)}==`,
  '^(0|[1-9][0-9]{0,14})$': '1',
}

/** A value that the schema takes; every member is there. */
export function sampleOf(schema: Schema): unknown {
  const { type, enum: words, anyOf, pattern, items, properties } = schema
  if (words) return words[0]
  if (anyOf) return sampleOf(anyOf.find((one) => one.type !== 'null')!)
  if (type === 'object') {
    return Object.fromEntries(Object.entries(properties ?? {}).map(([name, inner]) => [name, sampleOf(inner)]))
  }
  if (type === 'array') return [sampleOf(items!)]
  if (type === 'boolean') return true
  if (type === 'string') {
    if (isTime(schema)) return '2026-11-20T08:30:00.000Z'
    return sampleOfPattern[pattern ?? ''] ?? 'x'.repeat(Math.max(schema.minLength ?? 0, 10))
  }
  return schema.minimum ?? 1
}

/** Each sound value of a schema with one thing in it that is not. */
export function* hostileOf(schema: Schema, at: string): Generator<Hostile> {
  const { type, anyOf, items, properties } = schema
  if (anyOf) yield* hostileOf(anyOf.find((one) => one.type !== 'null')!, at)
  else if (type === 'object') {
    const sound = sampleOf(schema) as Record<string, unknown>
    for (const [name, inner] of Object.entries(properties ?? {})) {
      for (const one of hostileOf(inner, `${at}.${name}`)) yield { ...one, value: { ...sound, [name]: one.value } }
    }
    yield { at: `${at}: a name`, value: { ...sound, 'x\0': 1 }, isText: true }
  } else if (type === 'array') {
    for (const one of hostileOf(items!, `${at}[0]`)) yield { ...one, value: [one.value] }
  } else if (type === 'string') yield* hostileTexts(schema, at)
  else if (type === 'integer' || type === 'number') yield* hostileNumbers(schema, at)
  else if (type === undefined) {
    yield { at, value: { a: ['\0'] }, isText: true }
    yield { at, value: [1e308, -(2 ** 53), { deep: [[[[null]]]] }], isText: false }
  }
}

function* hostileTexts(schema: Schema, at: string): Generator<Hostile> {
  const sound = String(sampleOf(schema))
  for (const value of [`${sound}\0`, `\0${sound}`, `${sound}\ud800`, `\udc00${sound}`])
    yield { at, value, isText: true }
  // A pattern that has one form only leaves nothing else to try.
  if (sampleOfPattern[schema.pattern ?? ''] === undefined) {
    for (const value of [`\\'"%_\u0001\u202e\uffff`, cursorOfNothing]) yield { at, value, isText: false }
  }
  if (!isTime(schema)) return
  for (const value of ['-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-01-01T00:00:00Z', '9999']) {
    yield { at, value, isText: false }
  }
}

function* hostileNumbers({ minimum, maximum }: Schema, at: string): Generator<Hostile> {
  for (const value of [minimum ?? -(2 ** 53), maximum ?? 2 ** 53 - 1, 2 ** 31, 2 ** 63, 1e300]) {
    yield { at, value, isText: false }
  }
}

/** As a page's cursor is spelled, with an id that is none. */
const cursorOfNothing = Buffer.from(`2026-11-20T08:30:00.000Z ${'-'.repeat(36)}`).toString('base64url')

function isTime({ type, description = '' }: Schema): boolean {
  return type === 'string' && description.startsWith('ISO 8601')
}
