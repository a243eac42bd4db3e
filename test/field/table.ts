import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type IngestWorld, openIngestWorld } from '../support/ingest.ts'
import type { Teardown } from '../support/stack.ts'
import { openWorld } from '../support/world.ts'
import type { FieldCase } from './case.ts'
import { fieldCases } from './cases.ts'
import { type DockFilm, openDockForFilms } from './dock.ts'
import { type DockingCase, dockingCases } from './docking-cases.ts'
import { unlikeRight } from './judge.ts'
import { measure } from './measure.ts'
import { foundText, rightText } from './words.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const inputBytesMax = 2_000_000

/** One case, tried. */
export interface Row {
  readonly id: string
  readonly file: string
  readonly situation: string
  readonly right: string
  readonly found: string
  /** Everything that is not right, in words; empty when all is. */
  readonly wrong: readonly string[]
}

export type AnyCase = FieldCase | DockingCase

/** Every case: weak lines, names and times first, then the inputs. */
export const allCases: readonly AnyCase[] = [...dockingCases, ...fieldCases]

/** One case of each id. */
export const firstOfEachId: readonly AnyCase[] = allCases.filter(
  ({ id }, at) => allCases.findIndex((other) => other.id === id) === at,
)

/**
 * Tries these cases, two at a time: makes each input in `folder`, docks it, and compares what is served with
 * what is right. `onRow` gets each as it is done.
 */
export async function fillTable(
  t: Teardown,
  trying: { readonly cases: readonly AnyCase[]; readonly folder: string; readonly onRow?: (row: Row) => void },
): Promise<Row[]> {
  const world = await openWorld(t)
  const ingest = await openIngestWorld(t, {}, { world })
  const workshop = await openWorkshop(trying.folder)
  const place: Place = { t, ingest, workshop, folder: trying.folder, dockFilm: await openDockForFilms(t, world) }
  const rows = new Map<AnyCase, Row>()
  const left = trying.cases.values()
  const lane = async (): Promise<void> => {
    for (const one of left) {
      const row = 'make' in one ? await tryFilm(place, one) : await tryDocking(place, one)
      rows.set(one, row)
      trying.onRow?.(row)
    }
  }
  await Promise.all([lane(), lane()])
  await workshop.close()
  return trying.cases.map((one) => rows.get(one)!)
}

interface Place {
  readonly t: Teardown
  readonly ingest: IngestWorld
  readonly workshop: Workshop
  readonly folder: string
  readonly dockFilm: DockFilm
}

async function tryFilm({ workshop, folder, dockFilm }: Place, one: FieldCase): Promise<Row> {
  const { id, file, situation, right } = one
  await one.make(workshop, file)
  const path = join(folder, file)
  const { size } = await stat(path)
  if (size === 0 || size > inputBytesMax) throw new Error(`${file} has ${size} bytes`)
  const found = await measure(await dockFilm(path))
  const wrong = await unlikeRight(right, found)
  return { id, file, situation, right: rightText(right), found: foundText(found), wrong }
}

async function tryDocking({ t, ingest }: Place, one: DockingCase): Promise<Row> {
  const { id, file, situation, right } = one
  const found = await one.find(t, ingest)
  return { id, file, situation, right, found, wrong: found === right ? [] : [`is: ${found}`] }
}

/** The rows as a table that a person reads, each with `right` or what is wrong. Pure. */
export function tableText(rows: readonly Row[]): string {
  const lines = rows.map(({ id, file, situation, right, found, wrong }) =>
    [id, file, situation, right, found, wrong.length === 0 ? 'right' : `WRONG: ${wrong.join('; ')}`].join(' | '),
  )
  return [`id | file | situation | right | found |`, ...lines, ''].join('\n')
}
