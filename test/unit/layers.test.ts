import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// The layers of DESIGN.md §3: foundation <- ledger <- custody <- {ingest, access, workers, dock, cli} <- main files.

const root = fileURLToPath(new URL('../..', import.meta.url))
const linesMax = 300
/** A list, not an idea: one entry a code. */
const longLists = ['services/verifier/codes.ts']

/** What each layer may import besides itself. */
const below: Record<string, readonly string[]> = {
  foundation: [],
  ledger: ['foundation'],
  custody: ['foundation', 'ledger'],
  ingest: ['foundation', 'ledger', 'custody'],
  access: ['foundation', 'ledger', 'custody'],
  workers: ['foundation', 'ledger', 'custody'],
  dock: ['foundation', 'ledger', 'custody'],
  cli: ['foundation', 'ledger', 'custody', 'verifier'],
  // What outsiders run by themselves: no server, no database.
  verifier: ['foundation', 'ledger'],
  witness: ['foundation', 'ledger'],
  // Talks HTTP only.
  console: [],
  // Each runs by itself, once: nothing of ours may change under it.
  migrations: [],
}

// Packages that need a server, a socket or a disk: an auditor's verifier must do without them.
const serverImports =
  /^(fastify|@fastify\/|kysely|pg|bullmq|ioredis|minio|undici|pino|prom-client|node:(http|https|net|tls|fs|child_process|cluster))/
// The rest of the ledger is its shell: rows, the head file, the sequencer. Whatever is not named here is pure core.
const ledgerShell = /^services\/ledger\/(append|backlog|covered|head|sequencer|sequence\/[\w-]+|outside\/[\w/-]+)\.ts$/

interface Source {
  readonly path: string
  readonly text: string
  /** Packages, and files as paths from the root. */
  readonly imports: readonly string[]
}

const sources = ['services', 'workers', 'migrations', 'deploy', 'test'].flatMap(sourcesBelow)
const byPath = new Map(sources.map((source) => [source.path, source]))

function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => readSource(join(folder, name)))
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  )
  const imports = [...found].map(([, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? ''
    return name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name
  })
  return { path, text, imports }
}

function layerOf(path: string): string | null {
  const [top, second] = path.split('/')
  if (top === 'workers' || top === 'migrations') return top
  return top === 'services' && second !== undefined ? second : null
}

t.test('imports point down only', async (t) => {
  const wrong: string[] = []
  for (const { path, imports } of sources) {
    const layer = layerOf(path)
    if (layer === null) continue
    t.ok(below[layer], `${layer} is a known layer`)
    for (const imported of imports) {
      const isOwnCode = /^(services|workers|migrations|deploy|test)\//.test(imported)
      const target = layerOf(imported)
      const isAllowed = target !== null && (target === layer || below[layer]?.includes(target))
      if (isOwnCode && !isAllowed) wrong.push(`${path} imports ${imported}`)
    }
  }
  t.same(wrong, [])
})

t.test('the pure core of the ledger imports no server code, not even through what it imports', async (t) => {
  const wrong: string[] = []
  const follow = (path: string, from: string, seen: Set<string>) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const imported of importsAtRunTime(path)) {
      if (serverImports.test(imported)) wrong.push(`${from} reaches ${imported} through ${path}`)
      else if (byPath.has(imported)) follow(imported, from, seen)
    }
  }
  const core = sources.filter(({ path }) => path.startsWith('services/ledger/') && !ledgerShell.test(path))
  t.ok(core.length > 5)
  for (const { path } of core) follow(path, path, new Set())
  t.same(wrong, [])
})

/** Types are gone at run time. */
function importsAtRunTime(path: string): readonly string[] {
  const text = byPath.get(path)?.text.replace(/^\s*(import|export)\s+type\b[^;]*?from\s*'[^']+'/gm, '') ?? ''
  return readableImports(path, text)
}

function readableImports(path: string, text: string): readonly string[] {
  const found = text.matchAll(/^\s*(?:import|export)\b([^'"`;]*?)from\s*'([^']+)'|^\s*import\s*'([^']+)'/gm)
  return [...found]
    .filter(([, names]) => !isTypesOnly(names ?? ''))
    .map(([, , from, bare]) => {
      const name = from ?? bare ?? ''
      return name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name
    })
}

function isTypesOnly(names: string): boolean {
  const listed =
    /\{([^}]*)\}/
      .exec(names)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? []
  const named = listed.filter((name) => name !== '')
  return named.length > 0 && named.every((name) => name.startsWith('type '))
}

t.test('only main files and local programs read the environment', async (t) => {
  // A main file (the sequencer is a process of its own) hands its environment to config.ts; deploy/ and test/ are programs run by hand.
  const isAllowed = (path: string) =>
    /(^|\/)main\.ts$|^workers\/sequencer\.ts$/.test(path) || !/^(services|workers|migrations)\//.test(path)
  const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const readers = sources.filter(({ path, text }) => !isAllowed(path) && /\bprocess\.env\b/.test(code(text)))
  t.same(
    readers.map(({ path }) => path),
    [],
  )
})

t.test('a file is of one idea: at most 300 lines', async (t) => {
  const long = sources
    .filter(({ path }) => /^(services|workers|migrations)\//.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > linesMax && !longLists.includes(path))
  t.same(long, [])
})

t.test('nothing is left of enums, any or ignored types', async (t) => {
  const wrong = sources.filter(({ path, text }) => {
    const isThisTest = path === 'test/unit/layers.test.ts'
    return !isThisTest && /@ts-(ignore|nocheck|expect-error)|^\s*(export\s+)?(const\s+)?enum\s/m.test(text)
  })
  t.same(
    wrong.map(({ path }) => path),
    [],
  )
})
