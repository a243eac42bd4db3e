import t from 'tap'
import { importWords } from '../../../services/dock/docking/desk-words.ts'
import { shortened } from '../../../services/dock/docking/shortened.ts'

const zhang = { id: 'p1', name: '张伟', number: '012345' }
const li = { id: 'p2', name: '李四', number: null }
const one = {
  ...({ medium: 'card', person: zhang, grade: 'card', serial: 'DSJ0001', deviceKind: 'recorder', keeper: li } as const),
  isLikePhone: false,
}

t.test('the list says who imports, how he is known, and whose device it is', async (t) => {
  t.equal(importWords(one), '由张伟（012345，凭卡）从执法记录仪 DSJ0001 取出存储卡导入')
  t.equal(
    importWords({ ...one, person: li, grade: 'slot' }),
    '由李四（点选姓名，未核验）从执法记录仪 DSJ0001 取出存储卡导入',
  )
  const phone = { ...one, deviceKind: 'phone', serial: 'SJ-001', isLikePhone: true }
  const remark = '，非执法专用设备拍摄'
  t.equal(importWords({ ...phone, keeper: zhang }), `由张伟（012345，凭卡）从本人手机 SJ-001 取出存储卡导入${remark}`)
  t.equal(importWords(phone), `由张伟（012345，凭卡）从李四的手机 SJ-001 取出存储卡导入${remark}`)
  t.equal(
    importWords({ ...phone, keeper: null, medium: 'folder' }),
    `由张伟（012345，凭卡）从手机 SJ-001 导出后导入${remark}`,
  )
  t.equal(
    importWords({ ...one, isLikePhone: true }),
    '由张伟（012345，凭卡）从执法记录仪 DSJ0001 取出存储卡导入，介质的文件夹与手机相同',
  )
})

t.test('words are cut between characters', async (t) => {
  t.equal(shortened('导出', 200), '导出')
  t.same([shortened('a𠮷b', 2), shortened('a𠮷b', 3), shortened('𠮷', 1)], ['a', 'a𠮷', ''])
  t.equal(shortened('a\ud842', 200), 'a\ufffd')
  const long = importWords({ ...one, serial: '𠮷'.repeat(150) })
  t.ok(long.length <= 200 && long.isWellFormed())
})
