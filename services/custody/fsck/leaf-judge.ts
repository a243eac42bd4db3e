import type { Checkpoint } from '../../ledger/format/checkpoint.ts'
import { leafHash } from '../../ledger/format/entry.ts'
import { appendToFrontier, emptyFrontier, type Frontier, rootOf } from '../../ledger/format/merkle.ts'
import { tilePath } from '../../ledger/format/tiles.ts'
import type { Report } from './finding.ts'
import type { LeafRow } from './leaf-rows.ts'

/**
 * Holds leaf rows against the lowest tiles. Where they disagree nothing can be said until the next signed checkpoint: if
 * the leaves lead to its root the tile was changed, if the tiles do, the leaf was.
 */
export interface LeafJudge {
  /** The next leaf in order. Answers it when it is sound, null when it is damaged or the checkpoint must decide. */
  take(index: number, row: LeafRow | undefined, tileHash: Buffer | undefined): LeafRow | null
  /** A signed checkpoint of exactly the leaves taken. Answers the leaves that turn out to be sound. */
  decide(checkpoint: Checkpoint): LeafRow[]
  /** Reports what no checkpoint decided. Hashes of leaves that rows give wrongly or not at all are in `corrections`. */
  end(): { corrections: ReadonlyMap<number, Buffer> }
}

interface State {
  byLeaves: Frontier
  byTiles: Frontier
  pending: { row: LeafRow; tileHash: Buffer }[]
  readonly leafHashes: Buffer[]
  readonly tileHashes: Buffer[]
  readonly corrections: Map<number, Buffer>
  readonly badTiles: Map<number, number[]>
  /** A leaf is missing and no tile knows its hash: no root can be computed from here on. */
  isBroken: boolean
  hasDiverged: boolean
}

export function openLeafJudge(report: Report): LeafJudge {
  const state: State = {
    byLeaves: emptyFrontier,
    byTiles: emptyFrontier,
    pending: [],
    leafHashes: [],
    tileHashes: [],
    corrections: new Map(),
    badTiles: new Map(),
    isBroken: false,
    hasDiverged: false,
  }
  return {
    take: (index, row, tileHash) => takeLeaf(state, report, index, row, tileHash),
    decide: (checkpoint) => decide(state, report, checkpoint),
    end() {
      for (const { row } of state.pending)
        reportLeaf(report, row, 'it differs from its tile, and no checkpoint decides')
      for (const [index, leaves] of state.badTiles) {
        const path = tilePath({ level: 0, index, width: 256 })
        report.error('tree.tile_differs', path, `it holds other hashes than leaf ${leaves.join(', ')}`)
      }
      return { corrections: state.corrections }
    },
  }
}

function takeLeaf(
  state: State,
  report: Report,
  index: number,
  row: LeafRow | undefined,
  tileHash: Buffer | undefined,
): LeafRow | null {
  if (!row) {
    report.error('tree.leaf_missing', `leaf ${index}`, 'there is no row of it')
    if (tileHash) return correct(state, index, tileHash)
    state.isBroken = true
    return null
  }
  const hash = leafHash(row.data)
  if (!row.hash.equals(hash)) {
    if (tileHash && row.hash.equals(tileHash)) {
      reportLeaf(report, row, 'its data was changed: they have another hash than row and tile say')
      return correct(state, index, tileHash)
    }
    report.error('tree.leaf_hash_differs', `leaf ${index}`, 'its row names another hash than its data have')
    state.corrections.set(index, hash)
  }
  state.leafHashes.push(hash)
  state.tileHashes.push(tileHash ?? hash)
  if (!tileHash || tileHash.equals(hash)) return row
  state.pending.push({ row, tileHash })
  return null
}

function correct(state: State, index: number, hash: Buffer): null {
  state.corrections.set(index, hash)
  state.leafHashes.push(hash)
  state.tileHashes.push(hash)
  return null
}

function decide(state: State, report: Report, checkpoint: Checkpoint): LeafRow[] {
  if (state.isBroken) return []
  state.byLeaves = appendToFrontier(state.byLeaves, state.leafHashes.splice(0))
  state.byTiles = appendToFrontier(state.byTiles, state.tileHashes.splice(0))
  const pending = state.pending.splice(0)
  if (rootOf(state.byLeaves).equals(checkpoint.root)) {
    state.byTiles = state.byLeaves
    for (const { row } of pending) {
      const tile = Math.floor(row.index / 256)
      state.badTiles.set(tile, [...(state.badTiles.get(tile) ?? []), row.index])
    }
    return pending.map(({ row }) => row)
  }
  if (pending.length > 0 && rootOf(state.byTiles).equals(checkpoint.root)) {
    state.byLeaves = state.byTiles
    for (const { row, tileHash } of pending) {
      reportLeaf(report, row, 'it is not the leaf that tile and checkpoint hold')
      state.corrections.set(row.index, tileHash)
    }
    return []
  }
  for (const { row } of pending) reportLeaf(report, row, 'leaf and tile disagree, and neither leads to the checkpoint')
  if (!state.hasDiverged) {
    const subject = `checkpoint ${checkpoint.size}`
    report.error('tree.root_differs', subject, 'leaves and tiles lead to another root than this one and those after it')
  }
  state.hasDiverged = true
  return []
}

function reportLeaf(report: Report, row: LeafRow, problem: string): void {
  report.error('tree.leaf_differs', `leaf ${row.index}`, problem)
}
