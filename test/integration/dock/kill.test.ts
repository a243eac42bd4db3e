import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Step, steps } from '../../../services/dock/docking/deps.ts'
import { footage, hex } from '../../support/ingest.ts'
import { witnessNow } from '../receipts/place.ts'
import { openAgentPlace, runAgent } from './agent-runs.ts'

t.test(
  'killed at each step, the next agent goes on: one hand-in, each file once, everything cleared and closed',
  async (t) => {
    const { place, front, device, options, secure } = await openAgentPlace(t)
    const { world } = place.archive
    const contents = [footage(900_000, 'one'), footage(200_000, 'two')]
    contents.forEach((bytes, at) => {
      writeFileSync(join(device, `${at}.MP4`), bytes)
    })
    const before: Step[] = [
      'list_signed',
      'hand_in_opened',
      'upload_begun',
      'bytes_moving',
      'bytes_sent',
      'digest_said',
    ]
    for (const step of before) t.equal(await runAgent({ ...options, killAt: step }), 'SIGKILL', `killed at ${step}`)
    // Handed in whole by an agent that lives, then the three copies are made.
    await runAgent(options, { until: secure(contents) })
    t.same(readdirSync(device), ['0.MP4', '1.MP4'])
    const [handIn] = await world.db.selectFrom('hand_in').select('id').execute()
    await world.until(async () => {
      await witnessNow(place)
      const response = await place.ingest.call('GET', `/hand-ins/${handIn!.id}/receipt`)
      const { files } = (await response.json()) as { files: { state: string }[] }
      return files.every(({ state }) => state === 'witnessed')
    })
    const after: Step[] = ['receipt_kept', 'clearing_intended', 'clearing_announced', 'file_removing', 'file_removed']
    for (const step of after) t.equal(await runAgent({ ...options, killAt: step }), 'SIGKILL', `killed at ${step}`)
    t.equal(readdirSync(device).length, 1, 'one file was removed when the last one was killed')
    t.equal(await runAgent({ ...options, killAt: 'clearing_ended' }), 'SIGKILL', 'killed at clearing_ended')
    t.same(readdirSync(device), [], 'the rest was cleared')
    await runAgent(options, { until: world.until(() => front.saidAt(/\/end$/).length > 0) })
    t.match(front.saidAt(/\/end$/)[0]!.body, { cleared: [0, 1], left: [] }, 'closed by what was found on the device')
    const announced = new Set(front.saidAt(/\/clearings$/).map(({ body }) => body.id))
    t.equal(announced.size, 1, 'one clearing, however often it was announced')
    const handIns = await world.db.selectFrom('hand_in').select('id').execute()
    t.equal(handIns.length, 1)
    const sealed = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
    t.same(sealed.map(({ sha256 }) => sha256!.toString('hex')).sort(), contents.map(hex).sort())
    const tried = new Set<Step>([...before, ...after, 'clearing_ended', 'copy_kept'])
    t.same(front.refused(), [], 'the bureau took all that was said, however often')
    t.same(
      steps.filter((step) => !tried.has(step)),
      [],
      'every step is tried',
    )
  },
)

t.test('killed while bytes go to the spool: they are whole there, or read again', async (t) => {
  const { place, front, device, options } = await openAgentPlace(t)
  const { world } = place.archive
  const bytes = footage(900_000, 'kept')
  writeFileSync(join(device, '0.MP4'), bytes)
  t.equal(await runAgent({ ...options, killAt: 'list_signed' }), 'SIGKILL')
  front.fail(/^(POST|HEAD|PATCH|PUT) /, 503, Number.POSITIVE_INFINITY)
  const away = { ...options, patienceMs: 300 }
  for (const step of ['bytes_moving', 'copy_kept'] as const) {
    t.equal(await runAgent({ ...away, killAt: step }), 'SIGKILL', `killed at ${step}`)
  }
  t.equal(readdirSync(join(options.spool, 'copies')).filter((name) => name.endsWith('.age')).length, 1)
  rmSync(join(device, '0.MP4'))
  front.heal()
  const isSealed = world.until(async () => {
    const row = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').executeTakeFirst()
    return row?.sha256?.equals(Buffer.from(hex(bytes), 'hex'))
  })
  await runAgent(options, { until: isSealed })
  t.equal((await world.db.selectFrom('upload').where('state', '=', 'sealed').select('id').execute()).length, 1)
})
