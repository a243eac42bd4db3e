import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { ownSurroundings } from '../../../services/dock/doctor/doctor.ts'
import { runStationProgram } from '../../../services/dock/station/program.ts'
import { openIngestWorld } from '../../support/ingest.ts'
import { signInAs } from '../access/accounts.ts'
import { openBureau } from '../access/bureau.ts'

async function custodyDock(...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] }
  const code = await runStationProgram(args, {
    out: (line) => void lines.out.push(line),
    err: (line) => void lines.err.push(line),
    surroundings: ownSurroundings,
    run: async () => undefined,
  })
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') }
}

t.test('a clerk enrols a station, and its doctor says that it waits for the second person', async (t) => {
  const bureau = await openBureau(t)
  const { origin } = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  const { code } = (await administrator.call('POST', '/docks/enrolments', { name: '三大队采集站' })).body
  const folder = t.testdir({})
  // As it is installed: the folder is the agent's, and root enrols.
  if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534)
  const enrol = (given: string) => custodyDock('enrol', '--server', origin, '--code', given, '--folder', folder)

  const wrong = await enrol('AAAA-AAAA-AAAA-AAAA')
  t.equal(wrong.code, 2)
  t.match(wrong.err, /does not enrol this station: .*code/)
  const done = await enrol(code)
  t.equal(done.code, 0, done.err)
  t.match(done.out, /三大队采集站/)
  t.match(done.out, /([0-9a-f]{4} ){15}[0-9a-f]{4}$/, 'the public key, to be compared')
  for (const name of ['signing.key', 'token', 'spool.key']) {
    const { mode, uid } = statSync(join(folder, name))
    t.same([mode & 0o777, uid], [0o600, statSync(folder).uid], name)
  }
  t.match(readFileSync(join(folder, 'spool.key'), 'utf8'), /^AGE-SECRET-KEY-1[0-9A-Z]+\n$/)
  const token = readFileSync(join(folder, 'token'), 'utf8').trim()
  t.notOk(`${done.out}${done.err}`.includes(token), 'the token is not printed')
  t.match(await enrol(code), { code: 2, err: /this station is enrolled/ })

  const recipient = await identityToRecipient(await generateX25519Identity())
  mkdirSync(join(folder, 'spool'))
  const config = join(folder, 'dock.json')
  const write = (spool: string) =>
    writeFileSync(
      config,
      JSON.stringify({
        station: { name: '三大队采集站', slots: 2 },
        server: { origin, caFile: null, patienceMs: 1000 },
        ...{ keyFile: './signing.key', tokenFile: 'token', trust: { logKeysFile: 'log', policyFile: 'policy' } },
        spool: { folder: spool, bytesMax: 1e9, ageIdentityFile: 'age', recoveryRecipient: recipient },
        uploads: { max: 2, bytesPerSecond: null },
        screen: { port: 0, sounds: false, quietFrom: null, quietTo: null, printer: null },
        slip: { bureau: '综合执法局', form: 'a4', checkAddress: 'https://custody.example/check' },
        profileFolders: [],
        sources: [
          {
            ...{
              source: 'station',
              name: '旧站',
              folder: '/nowhere',
              profile: 'generic',
              folders: '{date}/{serial:7}',
            },
            ...{ unfinished: [], restMs: 1000, pollMs: 1000, listTimeMs: 1000 },
          },
        ],
        log: 'silent',
      }),
    )
  write('spool')
  const waiting = await custodyDock('doctor', config, '--lang', 'zh')
  t.equal(waiting.code, 1, waiting.err)
  t.match(waiting.out, /▲ 本采集站已登记，尚待复核启用\n {2}→ /)
  const { docks } = (await supervisor.call('GET', '/docks')).body
  const { id } = docks.find(({ name }: { name: string }) => name === '三大队采集站')
  t.equal((await supervisor.call('POST', `/docks/${id}/release`)).status, 204)
  t.notMatch((await custodyDock('doctor', config)).out, /尚待复核启用/)
  write('no-such-folder')
  t.match(await custodyDock('doctor', config), { code: 1, out: /▲ 暂存目录 .*no-such-folder 不存在/ })
  t.match(await custodyDock('doctor', join(folder, 'no.json')), { code: 2, err: /no\.json/ })
})
