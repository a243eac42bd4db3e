import t from 'tap'
import {
  actingRoles,
  may,
  permissions,
  permissionTable,
  rolesThatMay,
} from '../../../services/custody/roles/permissions.ts'
import { compareGolden } from '../../support/golden.ts'

t.test('the table of who may do what is the one that was agreed', async (t) => {
  compareGolden(t, new URL('./permissions.golden.txt', import.meta.url), permissionTable())
})

t.test(
  'promise 10: the system administrator has no line that leads to footage or to what is known of it',
  async (t) => {
    const lines = Object.keys(permissions).filter((action) => may('administrator', action as keyof typeof permissions))
    t.same(lines, [
      'session.own',
      'custodian.read',
      // No setting says anything of a recording.
      'setting.read',
      'setting.propose',
      'seats.read',
      'person.manage',
      'person.reset',
      'person.read_openings',
      'spare.open',
      'person.ask_shutting',
      'person.list',
      'device.manage',
      'device.ask_keeper',
      'device.list',
      'dock.manage',
      'dock.lift_code_limit',
      'dock.list',
      // Of a dock that began to clear and did not say how it ended: dock, device and counts.
      'clearing.read',
      'dock_pass.manage',
      'dock_pass.list',
      'storage.health',
      // Numbers by dock, of nobody's hand-in.
      'hand_in.count',
      // Checkpoints and cosignatures: nothing of any recording.
      'ledger.state',
      'courier.carry',
    ])
  },
)

t.test('only the custodian in office opens and watches', async (t) => {
  t.same(rolesThatMay('viewing.open'), ['custodian'])
  t.same(rolesThatMay('viewing.watch'), ['custodian'])
})

t.test(
  'a custodian out of office looks after himself, signs a hand-over, and is a second or third person',
  async (t) => {
    const lines = Object.keys(permissions).filter((action) =>
      may('custodian_waiting', action as keyof typeof permissions),
    )
    t.same(lines, ['session.own', 'custodian.read', 'custodian.sign', 'third_signature.add', 'spare.open'])
  },
)

t.test('a deputy who does not act may only look after himself', async (t) => {
  const lines = Object.keys(permissions).filter((action) => may('deputy', action as keyof typeof permissions))
  t.same(lines, ['session.own'])
})

t.test('several actions allow the union of their roles, an unknown role nothing', async (t) => {
  t.same(rolesThatMay('case.read_own', 'case.read_all'), ['officer', 'custodian', 'auditor', 'supervisor'])
  t.notOk(may('dock', 'session.own'))
  t.ok(actingRoles.every((role) => may(role, 'session.own')))
})
