import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { splitNote } from '../../services/ledger/format/note.ts'
import { parsePolicy } from '../../services/ledger/format/policy.ts'
import { judgeAnswer } from '../../services/ledger/format/witness-protocol.ts'
import type { RunningBureau } from '../support/bureau.ts'
import { until } from '../support/world.ts'

interface State {
  readonly size: number
  readonly witnessedSize: number
  readonly unwitnessedSince: string | null
  readonly witnesses: { name: string; lastError: string | null }[]
}

export async function witnessGoesAndReturns(t: Test, bureau: RunningBureau): Promise<void> {
  const { system } = bureau
  const { auditor, administrator } = bureau.people
  const state = async () => await auditor!.request<State>('GET', '/ledger/state')
  await until(async () => (await state()).unwitnessedSince === null)
  const before = await state()
  t.ok(before.witnessedSize > 0)
  t.match(before.witnesses, [{ name: 'legal.demo.local/witness', kind: 'online', lastError: null, alarm: null }])

  const policy = parsePolicy(readFileSync(system.policyFile, 'utf8'))
  const address = policy.witnesses[0]!.url!
  t.equal((await fetch(`${address}/readyz`)).status, 200)
  const metrics = async () => (await fetch(system.metrics.ledger)).text()
  // An event may come between any two questions: that all is witnessed is waited for, here too.
  await until(async () => /^ledger_unwitnessed_seconds\{[^}]*\} 0$/m.test(await metrics()))
  t.match(await metrics(), /^witness_last_ok_seconds\{name="legal\.demo\.local\/witness"[^}]*\} [\d.]+$/m)

  await system.processes.witness.stop('at-once')
  const devices = await administrator!.request('POST', '/devices', {
    serial: 'ZJ90001',
    kind: 'recorder',
    model: 'DSJ-X',
  })
  t.ok(devices, 'the office goes on')
  const away = await until(async () => {
    const now = await state()
    return now.unwitnessedSince !== null && now.witnesses[0]!.lastError !== null ? now : null
  })
  t.match(away.witnesses[0]!.lastError, /does not answer/)
  const ready = await fetch(system.metrics.ledger.replace('/metrics', '/readyz'))
  t.match(
    { status: ready.status, body: await ready.json() },
    { status: 200, body: { status: 'ready', warnings: { 'witness legal.demo.local/witness': /does not answer/ } } },
  )

  await system.processes.witness.start()
  await until(async () => (await state()).unwitnessedSince === null)
  const note = await (await fetch(`${address}/${await originHash(system.origin)}/checkpoint`)).text()
  const { text } = splitNote(note)
  const keys = policy.witnesses.map(({ key }) => key)
  const lines = note.slice(text.length + 1)
  t.equal(judgeAnswer(lines, text, keys, Date.now() / 1000).cosignatures.length, 2, 'Ed25519 and ML-DSA-44')
}

async function originHash(origin: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(origin))
  return Buffer.from(digest).toString('hex')
}
