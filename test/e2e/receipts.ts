import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { demoAccounts, demoDevices } from '../../deploy/local/demo/bureau.ts'
import { custody } from '../../deploy/local/system.ts'
import { parseLogKeys } from '../../services/ledger/format/log-keys.ts'
import { parsePolicy } from '../../services/ledger/format/policy.ts'
import type { DisclosedEvent } from '../../services/ledger/verify/disclosed.ts'
import { verifyReceipt } from '../../services/ledger/verify/receipt.ts'
import type { RunningBureau } from '../support/bureau.ts'
import { until } from '../support/world.ts'

interface Receipt {
  readonly state: string
  readonly receipt: DisclosedEvent | null
}

export async function receiptIsWitnessed(t: Test, bureau: RunningBureau): Promise<void> {
  const { system, dock } = bureau
  const { serial } = demoDevices()[0]!
  const bytes = Buffer.from('what the recorder holds '.repeat(5000))
  const [uploadId] = await bureau.dockFiles([bureau.file(serial, bytes)])
  const headers = { authorization: `Bearer ${dock.token}` }
  const receiptOf = async () =>
    (await (await fetch(`${system.ingest}/uploads/${uploadId}/receipt`, { headers })).json()) as Receipt
  const beganAt = performance.now()
  t.not((await receiptOf()).state, 'witnessed')
  const { receipt } = await until(async () => {
    const answer = await receiptOf()
    return answer.state === 'witnessed' ? answer : null
  })
  t.comment(`witnessed receipt after ${Math.round((performance.now() - beganAt) / 1000)} s`)
  const policy = parsePolicy(readFileSync(system.policyFile, 'utf8'))
  const fileSha256 = createHash('sha256').update(bytes).digest('hex')
  const claim = {
    log: parseLogKeys(system.verifierKeys),
    policy,
    fileSha256,
    bytes: bytes.length,
    deviceSerial: serial,
  }
  t.match(verifyReceipt(receipt!, claim), { mayClear: true })
  t.match(verifyReceipt(receipt!, { ...claim, bytes: bytes.length - 1 }), { mayClear: false })

  const { id } = JSON.parse(receipt!.body) as { id: string }
  const { account } = demoAccounts.find(({ role }) => role === 'auditor')!
  const { password } = bureau.people.auditor!
  const credentials = { CUSTODY_ACCESS: system.access, CUSTODY_ACCOUNT: account, CUSTODY_PASSWORD: password }
  const proof = await custody(['proof', id, '--json'], { ...system.cliEnvironment, ...credentials })
  t.match(JSON.parse(proof), { verified: true, witnessed: true })

  const stamped = await until(async () => {
    const { timestamps } = (await (await fetch(`${system.access}/ledger/timestamps`)).json()) as {
      timestamps: { size: number; authority: string }[]
    }
    return timestamps[0]
  })
  const folder = mkdtempSync(join(tmpdir(), 'stamped-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = `${system.access}/ledger/timestamps/${stamped.size}`
  for (const [name, url] of Object.entries({ token: `${path}/${stamped.authority}`, data: path })) {
    writeFileSync(join(folder, name), Buffer.from(await (await fetch(url)).arrayBuffer()))
  }
  const args = ['ts', '-verify', '-in', 'token', '-data', 'data', '-CAfile', system.timestampRootFiles[0]!]
  t.match(execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString(), /OK/)
}
