import t from 'tap'
import { gbk, identityBlock } from '../../../deploy/local/devices/gbk.ts'
import { identityBlockBytes, readIdentityBlock } from '../../../services/dock/profiles/identity-block.ts'

t.test('a block as a recorder holds it', async (t) => {
  const block = identityBlock({
    serial: 'ZJ00001',
    officerNumber: 'P00231',
    officerName: '张三',
    unitNumber: '330100000001',
    unitName: '综合执法一大队',
  })
  t.equal(block.length, identityBlockBytes)
  t.same(readIdentityBlock(block), {
    serial: 'ZJ00001',
    officerNumber: 'P00231',
    officerName: '张三',
    unitNumber: '330100000001',
    unitName: '综合执法一大队',
  })
})

t.test('fields that are empty, filled with blanks or not written', async (t) => {
  t.equal(readIdentityBlock(Buffer.alloc(89)), null, 'all NUL')
  t.equal(readIdentityBlock(Buffer.alloc(89, 0x20)), null, 'all blanks')
  t.equal(readIdentityBlock(Buffer.alloc(89, 0xff)), null, 'flash that was never written')
  t.equal(readIdentityBlock(Buffer.alloc(88, 0x41)), null, 'too short')
  const blanks = readIdentityBlock(identityBlock({ serial: 'ZJ1' }, 0x20))
  t.match(blanks, { serial: 'ZJ1', officerNumber: null, officerName: null })
})

t.test('what a hostile block says', async (t) => {
  const withSerial = (bytes: Buffer) => {
    const block = identityBlock({ officerNumber: 'P00231' })
    bytes.copy(block)
    return readIdentityBlock(block)?.serial
  }
  for (const bytes of ['../../x', 'ZJ\n0001', 'ZJ 0001', '"}{"a":', '\u202eABCD'].map((text) => Buffer.from(text))) {
    t.equal(withSerial(bytes.subarray(0, 7)), null, bytes.toString('hex'))
  }
  t.equal(withSerial(gbk('张三12')), null)
  const cut = identityBlock({ serial: 'ZJ00001', officerName: `A${'张'.repeat(16)}` })
  t.equal(readIdentityBlock(cut)?.officerName, `A${'张'.repeat(15)}`, 'a name cut in the middle of a character')
  const control = identityBlock({ serial: 'ZJ00001' })
  control.set([0x1b, 0x5b, 0x41], 13)
  t.equal(readIdentityBlock(control)?.officerName, null)
})
