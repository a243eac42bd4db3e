/**
 * True where `npm run proofs -- tests/in-full` runs this file: then nothing is left out. `npm test` tries a part of what
 * takes longest, chosen so that a fault in any of its kinds would still be noticed.
 */
export const inFull = process.env.CUSTODY_TESTS_IN_FULL === '1'
