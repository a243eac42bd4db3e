// Reads the project's own sources for the tests that hold its structure: files, their imports, their layers and rooms.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = ['services', 'workers', 'migrations', 'deploy', 'test']

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  /** Packages by name and files by path from the root, types included. */
  readonly imports: readonly string[]
  /** The same without those that are gone at run time. */
  readonly importsAtRunTime: readonly string[]
}

/** Every TypeScript file of the project, tests included. */
export function readSources(): SourceFile[] {
  return pathsOfSources(/\.tsx?$/).map(readSource)
}

/** Paths of every source file whose name matches, built and installed files excepted. */
export function pathsOfSources(names: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => names.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
      .map((name) => join(folder, name)),
  )
}

export function linesOf(path: string): number {
  return readFileSync(join(root, path), 'utf8').split('\n').length - 1
}

function readSource(path: string): SourceFile {
  return importsOf(path, readFileSync(join(root, path), 'utf8'))
}

/** A source with what it imports; a test of the walker itself gives a made text. */
export function importsOf(path: string, text: string): SourceFile {
  const found = [
    ...text.matchAll(
      /^\s*(?:import|export)\b([^'"`;]*?)from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
    ),
  ].map(([, names = '', from, bare, dynamic]) => ({
    name: resolved(path, from ?? bare ?? dynamic ?? ''),
    typesOnly: from !== undefined && isTypesOnly(names),
  }))
  return {
    path,
    text,
    imports: found.map(({ name }) => name),
    importsAtRunTime: found.filter(({ typesOnly }) => !typesOnly).map(({ name }) => name),
  }
}

function resolved(path: string, name: string): string {
  return name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name
}

/** `import type …`, or braces in which every name is a type. */
function isTypesOnly(names: string): boolean {
  if (/^\s*type\b/.test(names)) return true
  const listed =
    /^\s*\{([^}]*)\}\s*$/
      .exec(names)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '') ?? []
  return listed.length > 0 && listed.every((name) => name.startsWith('type '))
}

/** `services/ledger/format/note.ts` is of the layer `ledger`; migrations and workers are layers of their own. */
export function layerOf(path: string): string | null {
  const [top, second] = path.split('/')
  if (top === 'workers' || top === 'migrations') return top
  return top === 'services' && second !== undefined ? second : null
}

/** `services/ledger/log/sequence/sign.ts` lies in the room `log`; a file beside the rooms in none. */
export function roomOf(path: string): string | null {
  const [top, , room, file] = path.split('/')
  return top === 'services' && room !== undefined && file !== undefined ? room : null
}

/** Groups of files that import one another in a circle, each sorted (Tarjan's strongly connected components). */
export function circlesOf(sources: readonly SourceFile[]): string[][] {
  const importsByPath = new Map(sources.map(({ path, imports }) => [path, imports]))
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (path: string): number => {
    const own = order.size
    order.set(path, own)
    lowest.set(path, own)
    open.push(path)
    const targets = importsByPath.get(path) ?? []
    for (const target of targets) {
      if (!importsByPath.has(target)) continue
      if (target === path) circles.push([path])
      const reached = order.has(target) ? (open.includes(target) ? order.get(target)! : own) : visit(target)
      lowest.set(path, Math.min(lowest.get(path)!, reached))
    }
    if (lowest.get(path) === own) {
      const circle = open.splice(open.indexOf(path))
      if (circle.length > 1) circles.push(circle.sort())
    }
    return lowest.get(path)!
  }
  for (const { path } of sources) if (!order.has(path)) visit(path)
  return circles
}
