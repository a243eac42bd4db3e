// Writes the corpus that two independent verifiers of evidence packages are compared on.
//
//   node test/support/make-mutations.ts --seed N --count 1000 --out DIR
//
//   DIR/package             the sound package, unchanged          DIR/trust.json   what all are verified with
//   DIR/<n>/package[.zip]   a mutated package, folder or zip      DIR/list.json    [{path, kinds, expect, remarks}, …]
//
// `path` is below DIR. `expect` is the main fault that is clear beforehand, 'accepted', 'rejected' (some fault), or null.
// A verifier prints one line for each package, in the order in which it was given them:
//
//   {"path": text as given, "accepted": true or false, "fault": main fault or null, "codes": [all codes, each once],
//    "remarks": [codes of remarks, each once]}
//
// Two verifiers agree when `accepted`, `fault` and `remarks` are equal for every path (services/ledger/DESIGN.md §7). `remarks`
// of the list are for a clock that says `judgedAt` of package/mutations-remarks.ts. The same seed
// gives the same corpus, except for time-stamps: their authority is made anew.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closeMutationBase, openMutationBase, writeMutations } from './mutate-package.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    out: { type: 'string' },
  },
})
if (!values.out) throw new Error('--out DIR: where the corpus is written')
mkdirSync(values.out, { recursive: true })
const base = openMutationBase(values.out, values.seed)
try {
  const list = writeMutations(base, values.out, Number(values.count))
  writeFileSync(join(values.out, 'list.json'), `${JSON.stringify(list, null, 1)}\n`)
  process.stdout.write(`${list.length} packages in ${values.out}\n`)
} finally {
  closeMutationBase(base)
}
