// Writes the test vectors into the formats' page, between its marks:
//
//   node test/support/make-vectors.ts
//
// test/unit/ledger/vectors.test.ts holds the page against our code, `go test` in test/verifier-go against the other verifier.

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { makeVectors, pageWithVectors, vectorsPage } from './vectors.ts'

const path = resolve(import.meta.dirname, '../..', vectorsPage)
writeFileSync(path, pageWithVectors(readFileSync(path, 'utf8'), makeVectors()))
