import t from 'tap'
import { startBureau } from '../support/bureau.ts'
import { uploadsThroughCuts } from './large-upload.ts'
import { receiptIsWitnessed } from './receipts.ts'
import { changedRowShowsInChain, footageOfAllKindsIsKept } from './story.ts'
import { witnessGoesAndReturns } from './witness.ts'

// One bureau for all: to start one takes longer than most of what is looked at.

t.test('the whole system', async (t) => {
  const bureau = await startBureau(t)
  await t.test('a docked file gets its witnessed receipt within a minute, the ledger its time-stamp', (t) =>
    receiptIsWitnessed(t, bureau),
  )
  await t.test(
    'a tus client that others wrote uploads a large file through ten cuts, and the stored SHA-256 is right',
    (t) => uploadsThroughCuts(t, bureau),
  )
  await t.test('it is witnessed; its witness away is told, stops nothing, and is caught up with', (t) =>
    witnessGoesAndReturns(t, bureau),
  )
  let story = { caseNumber: '', recordingId: '' }
  await t.test('footage of all four kinds of device goes in, custody comes out', async (t) => {
    story = await footageOfAllKindsIsKept(t, bureau)
  })
  t.same(await bureau.fsck(), [], 'and the check of everything finds nothing, objects read again')
  await t.test('promise 8: a row that was changed behind the product shows in the chain', (t) =>
    changedRowShowsInChain(t, bureau, story),
  )
})
