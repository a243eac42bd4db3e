import t from 'tap'
import { circlesOf, importsOf, layerOf, readSources, roomOf, type SourceFile } from '../support/source-files.ts'

// The layers of the house: foundation <- ledger <- custody <- {ingest, access, workers, cli} <- main files.

/** What each layer may import besides itself: a layer, one room of it (`ledger/format`), or one file. */
const below: Record<string, readonly string[]> = {
  foundation: [],
  ledger: ['foundation'],
  custody: ['foundation', 'ledger'],
  ingest: ['foundation', 'ledger', 'custody'],
  access: ['foundation', 'ledger', 'custody'],
  workers: ['foundation', 'ledger', 'custody'],
  cli: ['foundation', 'ledger', 'custody', 'verifier'],
  // A docking station has no database: it verifies receipts by the ledger's pure rooms.
  dock: ['foundation', 'ledger/format', 'ledger/verify', 'ledger/timestamp'],
  // What outsiders run by themselves: no server, no database.
  verifier: ['foundation', 'ledger/format', 'ledger/verify', 'ledger/timestamp'],
  witness: ['foundation', 'ledger/format', 'ledger/verify'],
  // Talks HTTP only. One rule is shared: how a text of any origin may stand on a page.
  console: ['services/foundation/plain-text.ts', 'services/foundation/device-label.ts'],
  // Each runs by itself, once: nothing of ours may change under it.
  migrations: [],
}

/** The rooms of a layer from the ground up: a room imports from the floors below its own only. */
const floors: Record<string, readonly (readonly string[])[]> = {
  ledger: [['format'], ['timestamp', 'verify', 'log'], ['archive', 'authority', 'witness'], ['guard', 'rebuild']],
  custody: [
    ['events'],
    ['roles', 'copies', 'settings'],
    ['signing'],
    ['anchoring', 'devices', 'rosters'],
    ['bureau', 'cases', 'docks', 'intake', 'receipts'],
    ['clearing', 'hand-ins', 'viewing'],
    ['fsck', 'people'],
    ['seats'],
    ['chain', 'notices', 'reads'],
    ['packages', 'lists'],
  ],
}
const pureRooms = /^services\/ledger\/(format|verify|timestamp)\//

// Packages that need a server, a socket or a disk: an auditor's verifier must do without them.
const serverImports =
  /^(fastify|@fastify\/|kysely|pg|bullmq|ioredis|minio|undici|pino|prom-client|node:(http|https|net|tls|fs|child_process|cluster))/

const sources = readSources()
const byPath = new Map(sources.map((source) => [source.path, source]))

t.test('imports point down only', async (t) => {
  const wrong: string[] = []
  for (const { path, imports } of sources) {
    const layer = layerOf(path)
    if (layer === null) continue
    t.ok(below[layer], `${layer} is a known layer`)
    for (const imported of imports) {
      const isOwnCode = /^(services|workers|migrations|deploy|test)\//.test(imported)
      if (isOwnCode && !mayImport(layer, imported)) wrong.push(`${path} imports ${imported}`)
    }
  }
  t.same(wrong, [])
})

function mayImport(layer: string, imported: string): boolean {
  const target = layerOf(imported)
  if (target === null) return false
  const allowed = below[layer] ?? []
  return target === layer || [target, `${target}/${roomOf(imported)}`, imported].some((one) => allowed.includes(one))
}

t.test('a docking station may use the pure rooms of the ledger, and nothing that needs a database', async (t) => {
  t.ok(mayImport('dock', 'services/foundation/hash.ts'))
  t.ok(mayImport('dock', 'services/ledger/verify/receipt.ts'))
  t.notOk(mayImport('dock', 'services/ledger/log/append.ts'))
  t.notOk(mayImport('dock', 'services/custody/receipts/receipt.ts'))
})

for (const [layer, levels] of Object.entries(floors)) {
  t.test(`every file of ${layer} lies in a room, and rooms import from the floors below only`, async (t) => {
    const floorOf = (room: string | null) => levels.findIndex((level) => room !== null && level.includes(room))
    const own = sources.filter(({ path }) => path.startsWith(`services/${layer}/`))
    t.same(
      own.filter(({ path }) => floorOf(roomOf(path)) < 0).map(({ path }) => path),
      [],
      'no file outside the named rooms',
    )
    const rooms = new Set(own.map(({ path }) => roomOf(path)))
    t.same(
      levels.flat().filter((room) => !rooms.has(room)),
      [],
      'no room without a file',
    )
    const wrong = own.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => layerOf(imported) === layer && roomOf(imported) !== roomOf(path))
        .filter((imported) => floorOf(roomOf(imported)) >= floorOf(roomOf(path)))
        .map((imported) => `${path} imports ${imported}`),
    )
    t.same(wrong, [])
  })
}

t.test('no files import one another in a circle, types counted', async (t) => {
  t.same(circlesOf(sources), [])
  const made = [
    importsOf('services/x/a.ts', "import type { B } from './b.ts'\n"),
    importsOf('services/x/b.ts', "import {\n  type C,\n  c,\n} from './c.ts'\n"),
    importsOf('services/x/c.ts', "export { a } from './a.ts'\n"),
    importsOf('services/x/d.ts', "import { c } from './c.ts'\n"),
  ]
  t.same(circlesOf(made), [['services/x/a.ts', 'services/x/b.ts', 'services/x/c.ts']])
})

t.test('the pure rooms of the ledger import no server code, not even through what they import', async (t) => {
  const wrong: string[] = []
  const follow = (source: SourceFile, from: string, seen: Set<string>) => {
    if (seen.has(source.path)) return
    seen.add(source.path)
    for (const imported of source.importsAtRunTime) {
      const next = byPath.get(imported)
      if (serverImports.test(imported)) wrong.push(`${from} reaches ${imported} through ${source.path}`)
      else if (next) follow(next, from, seen)
    }
  }
  const pure = sources.filter(({ path }) => pureRooms.test(path))
  t.ok(pure.length > 5)
  for (const source of pure) follow(source, source.path, new Set())
  t.same(wrong, [])
})
