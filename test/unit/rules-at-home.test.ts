import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// Rules have one home: queries and events belong to custody, ledger and foundation, and an original's bytes are read
// through one function, so that a rule about them (a lock, a key for each recording) has one place to stand.

const root = fileURLToPath(new URL('../..', import.meta.url))

const queryOrEvent =
  /\b(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|recordEvent|raiseAlarm)\b|\bsql(?:<|`|\.)|\.query\(/
const readOfStore = /\b(?:\w*[sS]tores?(?:\.\w+|\[[^\]]*\])?|primary|derived|backup\w*)\s*\??\.get\(/
const writeToStore = /\.(?:putPart|putStream)\(|\b(?:\w*[sS]tores?(?:\.\w+|\[[^\]]*\])?|primary)\s*\.put\(/

/** Who opens an original, a piece of a rendition, and a film that was supplied. */
const doors = [
  'services/custody/copies/read-original.ts',
  'services/custody/viewing/read-piece.ts',
  'services/custody/viewing/supplied-film.ts',
]

/** Files that read other objects than originals and renditions, and which. */
const otherReaders: Readonly<Record<string, string>> = {
  'services/access/routes/package-file.ts': 'a package is downloaded',
  'services/custody/fsck/ledger-copies.ts': "the ledger's own objects are compared with the database",
  'services/custody/fsck/ledger-objects.ts': 'a checkpoint that the database does not know is read',
  'services/ingest/receive/tail-source.ts': 'the tail of an unfinished upload goes into its next part',
  'services/ledger/archive/recovery-proof.ts': 'the keys of a batch are opened, to prove the recovery key',
  'services/ledger/guard/store-memory.ts': 'the newest checkpoint on a store is read before anything is signed',
  'services/ledger/rebuild/inventory.ts': 'the events are rebuilt from the archive',
  'workers/archive/deliver.ts': "the archive's object for one store is read back from another",
}

interface Source {
  readonly path: string
  readonly code: string
}

function sourcesBelow(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      .map((path) => ({ path, code: withoutComments(readFileSync(join(root, path), 'utf8')) })),
  )
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:\w])\/\/.*$/gm, '')
}

function pathsWith(pattern: RegExp, sources: readonly Source[]): string[] {
  return sources
    .filter(({ code }) => pattern.test(code))
    .map(({ path }) => path)
    .sort()
}

t.test('the patterns find what they are for, and nothing else', async (t) => {
  for (const code of [
    "db\n  .selectFrom('upload')",
    'await sql`select 1`.execute(db)',
    'sql<Date>`now()`',
    "recordEvent(trx, 'case.opened', act)",
    "raiseAlarm(trx, 'copy_damaged', act)",
  ]) {
    t.match(code, queryOrEvent)
  }
  for (const code of ["raiseLedgerAlarm(db, clock, { alarm: 'event_differs' })", 'const sqlState = 1']) {
    t.notMatch(code, queryOrEvent)
  }
  for (const code of [
    'await store.get(object)',
    'deps.stores.primary.get(object, { signal })',
    'stores[copy.store].get(object)',
    'deps.stores[name]\n    .get(object)',
    'derived.get(object)',
    'otherStore.get(object)',
  ]) {
    t.match(code, readOfStore)
  }
  for (const code of ['stored.get(path)', 'recording.copies.get(name)', "server.get('/cases')", 'redis.get(key)']) {
    t.notMatch(code, readOfStore)
  }
  for (const code of ["store.put('tails', key, bytes)", 'store\n    .putPart(target, bytes)', 'primary.putStream(x)']) {
    t.match(code, writeToStore)
  }
  t.notMatch("server.put('/uploads/:id/digest')", writeToStore)
  t.equal(withoutComments("a // store.get(\n'https://x' /* store\n.get( */ b"), "a \n'https://x'  b")
})

t.test('queries and events stay in custody, ledger and foundation', async (t) => {
  const above = sourcesBelow('services/ingest', 'services/access', 'services/cli', 'workers')
  t.ok(above.length > 100)
  t.same(pathsWith(queryOrEvent, above), [])
})

t.test('originals and renditions are read through their doors alone', async (t) => {
  const sources = sourcesBelow('services', 'workers').filter(
    ({ path }) => !path.startsWith('services/foundation/store/'),
  )
  t.same(pathsWith(readOfStore, sources), [...doors, ...Object.keys(otherReaders)].sort())
})

t.test('bytes of originals leave ingest in one place', async (t) => {
  t.same(pathsWith(writeToStore, sourcesBelow('services/ingest')), ['services/ingest/receive/part-sender.ts'])
})
