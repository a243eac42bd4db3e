import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

// What the compiler refuses, shown by the compiler: it reads small sources that are made here. Lines that it must refuse
// end with `// refused`, every other line must pass.

const root = fileURLToPath(new URL('../../..', import.meta.url))
const events = join(root, 'services/custody/events')
// The compiler's own program, without Node around it: tap's hooks in every Node child do not get along with its launcher.
const launcher: { default: () => string } = await import(
  new URL('lib/getExePath.js', import.meta.resolve('typescript/package.json')).href
)

const given = `
import type { Clock } from '${root}services/foundation/clock.ts'
import type { Trx } from '${root}services/foundation/db/database.ts'
import { raiseAlarm, recordEvent } from '${events}/record.ts'
declare const trx: Trx
declare const clock: Clock
const act = { clock, by: { id: 'a', role: 'service' }, subjects: [{ type: 'package', id: 'p' }] }
export const doors = { raiseAlarm, recordEvent }
`

const sources: Readonly<Record<string, string>> = {
  'details.ts': `${given}
void recordEvent(trx, 'package.failed', { ...act, details: { failure: 'f' } })
void recordEvent(trx, 'package.failed', { ...act, details: { failure: 'f', more: 1 } }) // refused
void recordEvent(trx, 'package.failed', { ...act, details: {} }) // refused
void recordEvent(trx, 'package.failed', { ...act, details: { failure: 1 } }) // refused
void recordEvent(trx, 'person.disabled', { ...act, details: {} })
void recordEvent(trx, 'person.disabled', { ...act, details: { why: 'x' } }) // refused
void recordEvent(trx, 'session.ended', { ...act, details: { reason: 'idle', sessions: 1 } })
void recordEvent(trx, 'session.ended', { ...act, details: { reason: 'bored', sessions: 1 } }) // refused
void recordEvent(trx, 'package.failled', { ...act, details: { failure: 'f' } }) // refused
`,
  'alarms.ts': `${given}
void raiseAlarm(trx, 'fsck_errors_many', { ...act, details: { runId: 'r', more: 2 } })
void raiseAlarm(trx, 'fsck_errors_many', { ...act, details: { runId: 'r' } }) // refused
void raiseAlarm(trx, 'fsck_errors_many', { ...act, details: { runId: 'r', more: 2, reason: 'x' } }) // refused
void raiseAlarm(trx, 'fsck_errors_few', { ...act, details: { runId: 'r', more: 2 } }) // refused
void recordEvent(trx, 'alarm.raised', { ...act, details: { alarm: 'fsck_errors_many', runId: 'r', more: 2 } }) // refused
`,
  'definitions.ts': `
import { event } from '${events}/event.ts'
import { Text } from '${events}/shapes.ts'
const declared = { zh: '甲', en: 'a', subjects: { case: 'one' }, details: { a: Text } } as const
event({ ...declared, rows: null })
event({ ...declared, rows: (one, replay) => replay.set('party', one.keyOf('case'), { name: one.details.a }) })
event({ ...declared, rows: (one, replay) => replay.set('party', one.keyOf('case'), { name: one.details.b }) }) // refused
event({ ...declared, rows: (one, replay) => replay.set('table', one.keyOf('case'), {}) }) // refused
event({ ...declared, rows: undefined }) // refused
event(declared) // refused
event({ ...declared, rows: null, subjects: { case: 'two' } }) // refused
event({ ...declared, rows: null, subjects: { thing: 'one' } }) // refused
`,
  'readers.ts': `
import type { EventBody } from '${root}services/ledger/format/entry.ts'
import { detailsOf, eventOf } from '${events}/read.ts'
declare const body: EventBody
const failure: string | undefined = detailsOf('package.failed', body)?.failure
const nothing = detailsOf('package.failed', body)?.reason // refused
const unread: string = detailsOf('package.failed', body).failure // refused
const either = eventOf(body, 'viewing.opened', 'viewing.ended')
const purpose: string | null = either?.kind === 'viewing.opened' ? either.details.purpose : null
const ended: string | null = either?.kind === 'viewing.opened' ? either.details.endKind : null // refused
export { ended, failure, nothing, purpose, unread }
`,
  'routes.ts': `
import type { RouteDeclaration } from '${root}services/foundation/http/access.ts'
import type { Server } from '${root}services/foundation/http/server.ts'
import type { EventKind } from '${events}/kinds.ts'
declare const server: Server
export const known: EventKind = 'viewing.opened'
export const right: RouteDeclaration = { access: 'anyone', event: 'viewing.opened' }
export const none: RouteDeclaration = { access: 'anyone', event: null }
export const misspelt: RouteDeclaration = { access: 'anyone', event: 'viewing.open' } // refused
server.get('/a', { config: { access: 'anyone', event: 'viewing.ended' } }, async () => 'x')
server.get('/b', { config: { access: 'anyone', event: 'viewing.end' } }, async () => 'x') // refused
`,
}

t.test('the compiler refuses what no event may be, line by line', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'event-types-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text)
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] }
  const config = { extends: join(root, 'tsconfig.json'), include: ['./*.ts'], compilerOptions }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const { stdout, stderr } = await runToEnd(launcher.default(), ['-p', folder, '--pretty', 'false'])
  t.equal(stderr, '')
  const refused = [...stdout.matchAll(/([a-z]+\.ts)\((\d+),\d+\): error/g)].map(([, name, line]) => `${name}:${line}`)
  t.same([...new Set(refused)].sort(), expected().sort(), 'the marked lines, and no others')
})

/** What a program says, whether it ends well or not. */
async function runToEnd(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  try {
    return await promisify(execFile)(program, [...args])
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    if (stdout === undefined || stderr === undefined) throw error
    return { stdout, stderr }
  }
}

function expected(): string[] {
  return Object.entries(sources).flatMap(([name, text]) =>
    text.split('\n').flatMap((line, at) => (line.endsWith('// refused') ? [`${name}:${at + 1}`] : [])),
  )
}
