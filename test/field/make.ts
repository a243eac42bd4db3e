// node test/field/make.ts FOLDER: makes the field inputs, to look at or to dock by hand.

import { makeFieldInputs } from './make-inputs.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('usage: node test/field/make.ts FOLDER\n')
  process.exitCode = 2
} else {
  await makeFieldInputs(folder)
}
