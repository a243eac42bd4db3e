import t from 'tap'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { type Act, checkActs } from './without-events.ts'

t.test(
  'promise 2: nor do spare codes, third signatures and whole cards change a row without their event',
  async (t) => {
    const bureau = await openBureau(t)
    const { people } = bureau
    const { custodian, custodian_waiting, supervisor, administrator, auditor } = await signInAs(
      bureau,
      ...(['custodian', 'custodian_waiting', 'supervisor', 'administrator', 'auditor'] as const),
    )
    const place = { place: '保险柜', withPersonId: people.custodian.id }
    const spareOf = (person: { id: string }) => `/people/${person.id}/spare`
    const asked = { sealNumber: 'FT-0004', reason: '法制办外出' }
    for (const [person, sealNumber] of [
      [people.legal_reviewer, 'FT-0002'],
      [people.deputy, 'FT-0003'],
      [people.custodian_waiting, 'FT-0004'],
    ] as const) {
      await auditor.call('POST', spareOf(person), { ...place, sealNumber })
      if (person !== people.legal_reviewer) {
        await custodian.call('POST', `${spareOf(person)}/confirmation`, { sealNumber })
      }
    }
    await custodian.call('POST', `${spareOf(people.custodian_waiting)}/opening-request`, asked)
    const proposal = { outcome: 'keep_apart', reason: '另存备查' }
    const newOfficer = { name: '新同志', role: 'officer', account: 'officer3' }
    const holderId = (await administrator.call('POST', '/people', newOfficer)).body.id
    await administrator.call('POST', '/devices', { serial: 'ZJ09001', kind: 'recorder' })
    const keeper = await administrator.call('POST', '/devices/ZJ09001/keeper', { holderId, note: '领用' })
    const third = (scan: string) => ({
      ...{ act: 'device.keeper_changed', subjectId: 'ZJ09001', matter: keeper.body.id },
      ...{ name: '周敏', office: '区司法局', scanSha256: scan.repeat(64) },
    })
    const added = await custodian_waiting.call('POST', '/signatures/third', third('a'))
    t.equal(added.status, 201)
    await addFootage(bureau, { quarantineReason: 'not_listed', deviceSerial: 'ZJ00005' })
    const card = await custodian.call('POST', '/quarantine/batches', { deviceSerial: 'ZJ00005', ...proposal })
    await addFootage(bureau, { quarantineReason: 'not_listed', deviceSerial: 'ZJ00006' })
    t.equal(card.status, 201)
    const batch = `/quarantine/batches/${card.body.id}`
    const { sha256 } = (await supervisor.call('GET', batch)).body

    const acts: Act[] = [
      [
        'seal a spare code',
        () => auditor.call('POST', spareOf(people.supervisor), { ...place, sealNumber: 'FT-0001' }),
      ],
      [
        'confirm a spare code',
        () => custodian.call('POST', `${spareOf(people.legal_reviewer)}/confirmation`, { sealNumber: 'FT-0002' }),
      ],
      [
        'ask that an envelope be opened',
        () => auditor.call('POST', `${spareOf(people.deputy)}/opening-request`, { ...asked, sealNumber: 'FT-0003' }),
      ],
      [
        'open an envelope',
        () => administrator.call('POST', `${spareOf(people.custodian_waiting)}/opening`, { sealNumber: 'FT-0004' }),
      ],
      ['add a third signature', () => custodian_waiting.call('POST', '/signatures/third', third('b'))],
      [
        'confirm a third signature',
        () => auditor.call('POST', `/signatures/third/${added.body.id}/decision`, { confirm: true }),
      ],
      [
        'propose a whole card',
        () => custodian.call('POST', '/quarantine/batches', { deviceSerial: 'ZJ00006', ...proposal }),
      ],
      [
        'decide on a whole card',
        () => supervisor.call('POST', `${batch}/decision`, { confirmed: true, sha256: sha256.confirmed }),
      ],
    ]
    await checkActs(t, bureau.world, acts)
  },
)
