import t from 'tap'
import { openTamperedWorld } from './tampered-world.ts'
import { targetOf } from './tampering.ts'
import { ledgerTamperings } from './tamperings-ledger.ts'
import { rowTamperings } from './tamperings-rows.ts'
import { wrongActs } from './wrong-acts.ts'

t.setTimeout(480_000)

t.test('a world that nobody tampered with has no findings', async (t) => {
  const tampered = await openTamperedWorld(t)
  t.same(await tampered.check(tampered.world.db, { stores: true, objects: true }), { fsck: [], chain: [] })
  const target = await targetOf(tampered)
  for (const [name, { change, fsck, chain = fsck }] of Object.entries({ ...ledgerTamperings, ...rowTamperings })) {
    await t.test(`${name}: fsck and chain say exactly that`, async (t) => {
      const found = await tampered.tamper((trx) => change(trx, target))
      t.same(shortened(found.fsck, fsck(target)), fsck(target), 'fsck')
      t.same(shortened(found.chain, chain(target)), chain(target), 'chain')
    })
  }
  for (const [name, { change, finding }] of Object.entries(wrongActs)) {
    await t.test(`${name}: fsck and chain say so`, async (t) => {
      const found = await tampered.tamper((trx) => change(trx, tampered))
      for (const which of ['fsck', 'chain'] as const) {
        t.ok(
          found[which].some((one) => one.startsWith(`${finding} event `)),
          `${which}: ${found[which].join('; ')}`,
        )
      }
    })
  }
  t.same(await tampered.check(tampered.world.db), { fsck: [], chain: [] }, 'each was taken back')
})

/** Where an expectation names only the kind of thing, its id does not count. */
function shortened(found: string[], expected: string[]): string[] {
  return found.map((text) => expected.find((one) => text === one || text.startsWith(`${one} `)) ?? text)
}
