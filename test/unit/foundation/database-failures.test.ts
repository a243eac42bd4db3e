import t from 'tap'
import { databaseFault } from '../../../services/foundation/db/failures.ts'

const failure = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })

t.test('a failure of the database after which trying again can help has a fault of its own', async (t) => {
  const rows: [string | undefined, Error][] = [
    ['database_down', failure('57P01')],
    ['database_down', failure('ECONNREFUSED', { syscall: 'connect' })],
    ['not_ready', failure('CT001')],
    ['not_ready', failure('40P01')],
    ['not_ready', failure('40001')],
    [undefined, failure('23505')],
    [undefined, failure('42501')],
  ]
  for (const [code, error] of rows) t.equal(databaseFault(error)?.code, code, error.message)
  t.match(databaseFault(failure('40P01')), { retry: true, status: 503, message: /nothing was changed, try again/ })
})
