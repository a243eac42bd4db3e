import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { findGo } from '../../deploy/local/install/go.mjs'
import { withLock } from '../../deploy/local/install/lock.mjs'
import { installBagit, installLitewitness } from '../../deploy/local/install/outsiders.mjs'
import { cachedPrograms, isProgram, onPath } from '../../deploy/local/install/programs.mjs'
import { InstallFailure, tail } from '../../deploy/local/install/progress.mjs'
import { run } from '../../deploy/local/install/run.mjs'
import { installWithApt } from '../../deploy/local/install/system.mjs'

/** A tool that others wrote: the program's path, or why it cannot be had on this machine. */
export type Tool = { readonly path: string } | { readonly leftOut: string }

/** A program of a test is built again after that; a state of its sources seldom lives longer. */
const programUnusedMsMax = 7 * 24 * 60 * 60_000
const folderOfTests = resolve(import.meta.dirname, '..')

/** filippo.io/torchwood's witness. Start it with test/support/litewitness.ts. */
export const litewitness = (): Promise<Tool> => attempt(installLitewitness)

/** `bagit.py` of PyPI's bagit: `bagit.py --validate FOLDER`. */
export const bagit = (): Promise<Tool> => attempt(installBagit)

/** `pdftotext` of poppler. */
export const pdftotext = (): Promise<Tool> => attempt(() => systemProgram('pdftotext', 'poppler-utils'))

/** `openssl`. */
export const openssl = (): Promise<Tool> => attempt(() => systemProgram('openssl', 'openssl'))

/** `ssh-agent`, with `ssh-add` and `ssh-keygen` beside it. */
export const sshAgent = (): Promise<Tool> => attempt(() => systemProgram('ssh-agent', 'openssh-client'))

/** The program of the Go module in test/`folder`, built again when one of its files has changed. */
export const goProgram = (folder: string): Promise<Tool> => attempt(() => buildGo(folder))

/** Runs `go …args` in test/`folder`, such as `goRun('verifier-go', ['test', './...'])`; `code` 0 is success. */
export async function goRun(
  folder: string,
  args: readonly string[],
): Promise<{ code: number; output: string } | { leftOut: string }> {
  try {
    const { go, env } = await findGo(goEnvironment())
    return await run(go, args, { env, cwd: join(folderOfTests, folder) })
  } catch (error) {
    return whyLeftOut(error)
  }
}

type Skipping = { pass(name: string, extra: { skip: string }): unknown }

/** The program's path; without it the test shows one skipped assertion that says what was left out, and why. */
export function pathOrLeftOut(t: Skipping, name: string, tool: Tool): string | undefined {
  if ('path' in tool) return tool.path
  sayLeftOut(t, name, tool.leftOut)
  return undefined
}

/** One skipped assertion: "left out: <name> # SKIP <why>". */
export function sayLeftOut(t: Skipping, name: string, why: string): void {
  t.pass(`left out: ${name}`, { skip: why.replace(/\s+/g, ' ') })
}

async function attempt(find: () => Promise<string>): Promise<Tool> {
  try {
    return { path: await find() }
  } catch (error) {
    return whyLeftOut(error)
  }
}

function whyLeftOut(error: unknown): { leftOut: string } {
  if (!(error instanceof InstallFailure)) throw error
  return { leftOut: error.message }
}

async function systemProgram(name: string, systemPackage: string): Promise<string> {
  const present = onPath(name)
  if (present) return present
  const problem = await installWithApt([systemPackage])
  const installed = onPath(name)
  if (!installed) throw new InstallFailure(`not on the PATH, and ${problem ?? `${systemPackage} did not bring it`}`)
  return installed
}

/** Named after its sources' digest: tests that run at once share it, and an old one is never taken for a new one. */
async function buildGo(folder: string): Promise<string> {
  const source = join(folderOfTests, folder)
  const name = basename(folder)
  const path = join(cachedPrograms(), `${name}-${digestOfSources(source)}`)
  if (isProgram(path)) {
    utimesSync(path, new Date(), new Date())
    return path
  }
  await withLock(join(dirname(cachedPrograms()), `${name}.lock`), name, async () => {
    if (isProgram(path)) return
    mkdirSync(cachedPrograms(), { recursive: true })
    const { go, env } = await findGo(goEnvironment())
    const { code, output } = await run(go, ['build', '-trimpath', '-o', `${path}.part`, '.'], { env, cwd: source })
    if (code !== 0) throw new InstallFailure(`go build of test/${folder} failed:\n${tail(output)}`)
    renameSync(`${path}.part`, path)
    removeUnused(name)
  })
  return path
}

/** Those of other states of the sources, which another checkout may run at this moment: only what lay unused for long. */
function removeUnused(name: string): void {
  for (const old of readdirSync(cachedPrograms())) {
    if (!new RegExp(`^${name}-[0-9a-f]{16}$`).test(old)) continue
    const path = join(cachedPrograms(), old)
    const usedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - usedMs > programUnusedMsMax) rmSync(path, { force: true })
  }
}

function digestOfSources(source: string): string {
  const digest = createHash('sha256')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)(go\.(mod|sum)|[^/]*\.go)$/.test(name),
  )
  for (const name of files.sort())
    digest
      .update(`${name}\0`)
      .update(readFileSync(join(source, name)))
      .update('\0')
  return digest.digest('hex').slice(0, 16)
}

/** Caches of our own beside the programs: a few modules, and what Go itself throws out after five days. */
function goEnvironment(): NodeJS.ProcessEnv {
  const home = join(dirname(cachedPrograms()), 'go')
  for (const name of ['path', 'mod', 'build', 'tmp']) mkdirSync(join(home, name), { recursive: true })
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GO111MODULE: 'on',
    GOFLAGS: '-modcacherw',
    GOPATH: join(home, 'path'),
    GOMODCACHE: join(home, 'mod'),
    GOCACHE: join(home, 'build'),
    GOTMPDIR: join(home, 'tmp'),
  }
}
