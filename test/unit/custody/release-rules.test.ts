import t from 'tap'
import {
  mayRelease,
  type OfficeHolder,
  releaseRight,
  releasingOffices,
} from '../../../services/custody/people/release-rules.ts'
import { roles } from '../../../services/foundation/db/words.ts'
import { newOneTimeCode, oneTimeCodeHash, oneTimeCodeMatches } from '../../../services/foundation/one-time-code.ts'

const holder = (id: string, office: OfficeHolder['office'], dependsOnMaker = false) => ({ id, office, dependsOnMaker })
const supervisor = holder('s', 'supervisor')
const auditor = holder('a', 'auditor')
const opening = (role: (typeof roles)[number], personId = 'p', madeBy = 'm') => ({
  role,
  personId,
  madeBy: { id: madeBy },
})

t.test('control offices are released by one another, a custodian by the auditor, others by either', async (t) => {
  t.same(
    roles.map((role) => [role, [...releasingOffices(role)].join(' or ')]),
    [
      ['officer', 'supervisor or auditor'],
      ['custodian', 'auditor'],
      ['auditor', 'supervisor'],
      ['legal_reviewer', 'supervisor or auditor'],
      ['supervisor', 'auditor'],
      ['deputy', 'auditor'],
      ['administrator', 'supervisor or auditor'],
      ['assistant', 'supervisor or auditor'],
    ],
  )
  t.equal(releaseRight(auditor, opening('custodian'), [supervisor, auditor]), 'at_once')
  t.equal(releaseRight(supervisor, opening('custodian'), [supervisor, auditor]), 'wrong_office')
  t.equal(releaseRight(supervisor, opening('officer'), [supervisor, auditor]), 'at_once')
})

t.test('nobody releases himself, or what he made', async (t) => {
  t.equal(releaseRight(supervisor, opening('officer', 's'), [supervisor, auditor]), 'own_account')
  t.equal(releaseRight(auditor, opening('custodian', 'p', 'a'), [supervisor, auditor]), 'own_opening')
  t.equal(releaseRight(supervisor, opening('custodian', 'p', 'a'), [supervisor, auditor]), 'wrong_office')
  t.notOk(mayRelease('own_account'))
  const deputy = { ...holder('d', 'supervisor'), onBehalfOf: 's' }
  t.equal(releaseRight(deputy, opening('officer', 's'), [supervisor, auditor]), 'own_account', 'nor does his deputy')
  t.equal(releaseRight(deputy, opening('auditor', 'p', 's'), [supervisor, auditor]), 'own_opening')
  t.equal(releaseRight(deputy, opening('auditor'), [supervisor, auditor]), 'at_once')
})

t.test('where nobody of the office is in service or could release, the other office does, and it waits', async (t) => {
  t.equal(releaseRight(supervisor, opening('custodian'), [supervisor]), 'after_wait')
  t.equal(releaseRight(supervisor, opening('auditor', 'a'), [supervisor, auditor]), 'at_once')
  t.equal(releaseRight(holder('s2', 'supervisor'), opening('supervisor', 's'), [supervisor]), 'after_wait')
  const newAuditor = holder('a', 'auditor', true)
  t.equal(releaseRight(supervisor, opening('custodian'), [supervisor, newAuditor]), 'after_wait')
  t.equal(releaseRight(newAuditor, opening('custodian'), [supervisor, newAuditor]), 'after_wait')
  t.equal(
    releaseRight(newAuditor, opening('custodian'), [supervisor, newAuditor, holder('a2', 'auditor')]),
    'dependent',
  )
  t.equal(releaseRight(newAuditor, opening('officer'), [supervisor, newAuditor]), 'dependent')
})

t.test(
  'a code has eighty random bits in letters that cannot be mistaken, and is read however it is typed',
  async (t) => {
    const codes = Array.from({ length: 200 }, newOneTimeCode)
    t.equal(new Set(codes).size, 200)
    for (const code of codes) t.match(code, /^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/)
    const used = new Set(codes.join('').replaceAll('-', ''))
    t.equal(used.size, 32, 'each of the 32 signs comes up')
    const [one, other] = codes
    t.ok(oneTimeCodeMatches(one!.toLowerCase().replaceAll('-', ' '), oneTimeCodeHash(one!)))
    t.notOk(oneTimeCodeMatches(other!, oneTimeCodeHash(one!)))
    t.notOk(oneTimeCodeMatches('', oneTimeCodeHash(one!)))
  },
)
