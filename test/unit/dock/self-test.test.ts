import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { type Ask, Away, type Ingest } from '../../../services/dock/ingest/client.ts'
import { runStationProgram, stationExitCodes } from '../../../services/dock/station/program.ts'
import { type SelfTest, testStation, whyNot } from '../../../services/dock/station/self-test.ts'

t.test('a self-test whose bytes do not go in the given time says so, and is no defect of the program', async (t) => {
  const answers: Record<string, object> = {
    '/docks/me/register': { station: { id: 'dock-1', name: '采集站一' } },
    '/hand-ins': { id: 'list-1' },
  }
  const ingest = {
    async ask({ path }: Ask) {
      const answer = answers[path]
      if (!answer) throw new Away('502')
      return { status: 200, headers: {}, text: JSON.stringify(answer) }
    },
  } as unknown as Ingest
  const lines: string[] = []
  const test = { ingest, signingKey: generateKeyPairSync('ed25519').privateKey, now: Date.now, waitMs: 50 }
  const say = (line: string) => void lines.push(line)
  const error = await testStation({ ...test, say } as SelfTest).catch((reason: unknown) => reason)
  t.equal(whyNot(error), '在给定的时间内没有传完')
  t.match(lines, [/^1 /, /^2 /])
})

t.test('a wait that no timer can hold is refused', async (t) => {
  const said: string[] = []
  const io = { out: () => undefined, err: (line: string) => void said.push(line) } as never
  for (const wait of ['71583', '0', 'soon']) {
    const code = await runStationProgram(['self-test', 'no-such-file.json', '--wait', wait], io)
    t.equal(code, stationExitCodes.usage, wait)
    t.match(said.pop(), /--wait/)
  }
})
