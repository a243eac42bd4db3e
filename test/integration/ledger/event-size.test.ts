import t from 'tap'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { bodyBytesMax } from '../../../services/ledger/log/append.ts'
import { openWorld } from '../../support/world.ts'

const world = await openWorld(t)

function refuse(route: string) {
  return world.db.transaction().execute((trx) =>
    recordEvent(trx, 'access.refused', {
      ...{ clock: world.clock, by: { id: 'nobody', role: 'nobody' }, subjects: [{ type: 'dock', id: 'd' }] },
      details: { reason: 'dock_revoked', route },
    }),
  )
}

async function bodies(): Promise<string[]> {
  const rows = await world.db.selectFrom('event').select('body').where('kind', '=', 'access.refused').execute()
  return rows.map(({ body }) => body)
}

t.test('a body of the stated limit is written, and one of a byte more is a mistake that names the kind', async (t) => {
  await refuse('')
  const [empty] = await bodies()
  // A character of three bytes: the limit counts bytes.
  const room = bodyBytesMax - Buffer.byteLength(empty!)
  const longest = '录'.repeat(Math.floor(room / 3)) + 'x'.repeat(room % 3)
  await refuse(longest)
  t.same(
    (await bodies())
      .map((body) => Buffer.byteLength(body))
      .sort((a, b) => a - b)
      .at(-1),
    bodyBytesMax,
  )
  await t.rejects(refuse(`${longest}x`), {
    code: 'internal',
    message: `event access.refused: its body has ${bodyBytesMax + 1} bytes, at most ${bodyBytesMax} are written: a list or text in it has no limit`,
  })
  t.equal((await bodies()).length, 2)
})
