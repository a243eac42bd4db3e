import t from 'tap'
import { openLog } from '../../../services/foundation/log.ts'

t.test('a line is JSON with service, level and time; secrets are replaced and causes are kept', async (t) => {
  const lines: string[] = []
  const log = openLog({ service: 'ingest', level: 'info', destination: { write: (line) => lines.push(line) } })
  log.info(
    {
      headers: { authorization: 'Bearer hunter2', cookie: 'c=hunter2' },
      password: 'hunter2',
      dock: { token: 'hunter2' },
    },
    'one',
  )
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'two')
  log.debug('not shown')
  t.equal(lines.length, 2)
  t.notMatch(lines[0], /hunter2/)
  t.match(JSON.parse(lines[0]!), { service: 'ingest', level: 'info', msg: 'one', time: /Z$/ })
  t.match(lines[1], /inner/)
})
