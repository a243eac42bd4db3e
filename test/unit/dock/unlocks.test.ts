import t from 'tap'
import { openUnlockBook } from '../../../services/dock/docking/unlocks.ts'
import { postWaiting } from '../../../services/dock/ingest/outbox.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { openSources } from '../../../services/dock/sources/open-sources.ts'
import { systemClock } from '../../../services/foundation/clock.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { openSpool } from './spool-deps.ts'

t.test('a use of a vendor’s command is kept before it, told after it, and told also when it was cut off', async (t) => {
  const { deps: spool, asked } = await openSpool(t, () => ({}))
  const devices = [
    { serial: 'A', state: 'in_service' },
    { serial: 'R', state: 'retired' },
  ]
  let current: object | null = null
  const deps = { ...spool, register: { current: () => current } } as unknown as typeof spool
  const unlocks = openUnlockBook(deps)
  t.notOk(unlocks.isReady(), 'nobody knows yet which devices are ours')
  current = { devices }
  t.ok(unlocks.isReady())
  const told = async () => {
    await postWaiting(deps)
    return asked.splice(0).map(({ json }) => json)
  }
  for (const serial of ['X', 'R']) t.equal(await unlocks.begin({ serial, profile: 'p' }), null, serial)
  t.same(await told(), [])

  const end = await unlocks.begin({ serial: 'A', profile: 'p' })
  t.same(await told(), [], 'it is on the spool, and not told before it is over')
  await end!(true)
  t.match(await told(), [{ kind: 'unlocked', serial: 'A', profile: 'p', ok: true }])

  await unlocks.begin({ serial: 'A', profile: 'p' })
  await deps.answers.tellIntended(null)
  t.match(await told(), [{ kind: 'unlocked', serial: 'A', ok: false }], 'the next run tells it')
})

t.test('a report that was intended and not done is not told', async (t) => {
  const { deps, asked } = await openSpool(t, () => ({}))
  await deps.answers.intend({ id: 'one' })
  await deps.answers.intend({ id: 'two' })
  await deps.answers.settleIntended('one', null)
  await deps.answers.tellIntended('two')
  await postWaiting(deps)
  t.match(
    asked.map(({ json }) => json),
    [{ id: 'two' }],
  )
})

t.test('a profile that opens nothing is no profile of a locked device', async (t) => {
  const profiles = await readProfiles([ownProfiles])
  const command = { argv: ['true'], timeLimitMs: 1000 }
  const source = (profile: string) => ({
    ...{ source: 'devices' as const, kind: 'mass_storage' as const, mountRoots: [], takesRemovable: false, slots: {} },
    ...{ slotCount: 1, mounting: null, unmount: command, unmountGone: command, charge: null },
    ...{ pollMs: 1000, listTimeMs: 1000, locked: { '/dev/locked': { profile, slot: 1 } } },
  })
  const deps = { profiles, clock: systemClock, log: openLog({ service: 'dock', level: 'silent' }), secrets: new Map() }
  t.throws(() => openSources([source('camera-dcim')], deps), { code: 'bad_config', message: /camera-dcim/ })
  t.ok(openSources([source('recorder-locked')], deps))
})
