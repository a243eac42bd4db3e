import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sha256 } from '../../../services/foundation/hash.ts'
import { openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'
import { jobOf, never, packageHandler } from './making.ts'

t.setTimeout(480_000)

const number = '镇综执检〔2026〕32号'

t.test(
  'custody package download writes the whole file, and keeps none that is not the one that was made',
  async (t) => {
    const bureau = await openBureau(t)
    const { people, world } = bureau
    const officer = await bureau.signIn(people.officer)
    const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
    const officerIds = [people.officer.id, people.officer2.id]
    const opening = { number, kind: 'inspection', title: '检查', departments: ['综合执法局'] }
    await officer.call('POST', '/cases', { ...opening, partyId: party.body.id, officerIds })
    const asked = await run(bureau, 'auditor', 'package', 'request', number, '--purpose', '案卷评查')
    const id = /举证材料 (\S+)：/.exec(asked.out)![1]!
    await packageHandler(world)(await jobOf(world, id), never)
    t.match(await run(bureau, 'auditor', 'package', 'list', number), { out: /可下载/ })

    const file = join(t.testdir({}), 'package.zip')
    const download = (who: 'auditor' | 'custodian') => run(bureau, who, 'package', 'download', id, '--out', file)
    t.match(await download('custodian'), { code: 2 }, 'he did not ask for it')
    t.notOk(existsSync(file))
    const [, digest] = /SHA-256 ([0-9a-f]{64})$/.exec((await download('auditor')).out)!
    t.equal(sha256(readFileSync(file)).toString('hex'), digest)
    t.match(await download('auditor'), { code: 2, err: /is there already/ }, 'nothing is written over')
    t.equal(sha256(readFileSync(file)).toString('hex'), digest)

    const other = `${file}.other`
    await world.asSuperuser((db) =>
      db
        .updateTable('package')
        .set({ sha256: sha256('another file') })
        .execute(),
    )
    const wrong = await run(bureau, 'auditor', 'package', 'download', id, '--out', other, '--lang', 'en')
    t.match(wrong, { code: 1, err: /is not the file that was made/ })
    t.notOk(existsSync(other))
  },
)
