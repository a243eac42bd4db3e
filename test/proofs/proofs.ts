import type { Family } from '../bench/family.ts'
import { families as benchFamilies } from '../bench/rows.ts'
import { inFullProofs } from './in-full.ts'
import { insiderProofs } from './insiders.ts'
import { renditionProofs } from './renditions.ts'
import { verifierProofs } from './verifiers.ts'

/**
 * Everything `npm run proofs` runs: a short run of every row of the bench, and what is too long for `npm test`. A proof has
 * a row's form: its figure is how much was tried, its goal is all of it, and it throws with the way to repeat what failed.
 */
export const families: readonly Family[] = [
  ...benchFamilies,
  verifierProofs,
  renditionProofs,
  insiderProofs,
  inFullProofs,
]
