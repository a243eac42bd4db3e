import t from 'tap'
import { faults } from '../../../services/foundation/errors.ts'
import { compareGolden } from '../../support/golden.ts'

t.test('the codes of faults mean what was agreed', async (t) => {
  const rows: [string, { status: number; retry: boolean; alarm?: boolean }][] = Object.entries(faults)
  const lines = rows
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, retry, alarm }]) => `${code}: ${status}${retry ? ', retry' : ''}${alarm ? ', alarm' : ''}\n`)
  compareGolden(t, new URL('./faults.golden.txt', import.meta.url), lines.join(''))
})
