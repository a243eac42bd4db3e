import t from 'tap'
import { tellFailure } from '../../../services/cli/exit.ts'
import { printable } from '../../../services/cli/terminal.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { testTerminal } from '../../support/terminal.ts'

t.test('no control or format character of a name or a message steers the terminal', async (t) => {
  t.equal(printable('\u001b[2J\u009b1m\u202e某商店\u0007'), '\\u{1b}[2J\\u{9b}1m\\u{202e}某商店\\u{7}')
  const terminal = testTerminal()
  tellFailure(new Fault('not_found', 'there is no\u001b]0;x\u0007 case\nsecond line'), terminal)
  t.equal(terminal.told[0], 'custody: there is no\\u{1b}]0;x\\u{7} case\nsecond line')
})
