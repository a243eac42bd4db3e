import t from 'tap'
import {
  generateSignerKey,
  joinNote,
  openNote,
  parseSignerKey,
  parseVerifierKey,
  signerKeyText,
  signNote,
  splitNote,
  verifierKeyText,
  verifierOf,
} from '../../../services/ledger/format/note.ts'
import { withBitsTurned } from './reference-tree.ts'

/** From the documentation of golang.org/x/mod/sumdb/note. */
const peterKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const peterSecret = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const peterText =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const peterLine =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const peterNote = `${peterText}\n${peterLine}`

/** From c2sp.org/signed-note. */
const fooKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const fooNote = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`

t.test('the notes of the specification and of Go open', async (t) => {
  t.equal(openNote(fooNote, [parseVerifierKey(fooKey)]).text, 'This is an example message.\n')
  const opened = openNote(peterNote, [parseVerifierKey(peterKey)])
  t.equal(opened.text, peterText)
  t.match(opened.verified, [{ key: { name: 'PeterNeumann', keyId: 0xc74f20a3 }, timestampSeconds: null }])
})

t.test("Go's signing key makes Go's note, byte by byte", async (t) => {
  const signer = parseSignerKey(peterSecret)
  t.equal(signNote(peterText, signer), peterNote)
  t.equal(verifierKeyText('PeterNeumann', signer.publicKey), peterKey)
  t.same(verifierOf(signer), parseVerifierKey(peterKey))
})

t.test('new keys are read back and sign', async (t) => {
  const { signerKey, verifierKey } = generateSignerKey('ledger.example/town')
  const signer = parseSignerKey(signerKey)
  const note = signNote('多行\n\ntext\n', signer)
  t.equal(openNote(note, [parseVerifierKey(verifierKey)]).text, '多行\n\ntext\n')
  t.throws(() => openNote(note, [parseVerifierKey(fooKey)]), { code: 'unproven' })
})

t.test('any bit turned in text or signature is noticed', async (t) => {
  const key = parseVerifierKey(fooKey)
  for (const turned of withBitsTurned(Buffer.from(fooNote))) {
    const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(turned)
    try {
      openNote(decoded, [key])
      t.fail('a changed note opened')
    } catch (error) {
      if (!['malformed', 'unproven'].includes((error as { code: string }).code)) throw error
    }
  }
  t.pass('none opened')
})

t.test('signatures of strangers are ignored, one of a known key that is wrong spoils the note', async (t) => {
  const peter = parseVerifierKey(peterKey)
  const stranger = `— PeterNeumann ${Buffer.concat([Buffer.from('c74f20a4', 'hex'), Buffer.alloc(64)]).toString('base64')}\n`
  const opened = openNote(peterNote + stranger, [peter])
  t.same([opened.verified.length, opened.unverified.length], [1, 1])
  const wrong = `— PeterNeumann ${Buffer.concat([Buffer.from('c74f20a3', 'hex'), Buffer.alloc(64)]).toString('base64')}\n`
  t.throws(() => openNote(peterNote + wrong, [peter]), { code: 'unproven' })
  const short = `— PeterNeumann ${Buffer.concat([Buffer.from('c74f20a3', 'hex'), Buffer.alloc(1)]).toString('base64')}\n`
  t.throws(() => openNote(`${peterText}\n${short}`, [peter]), { code: 'unproven' })
  t.equal(openNote(peterNote + peterLine, [peter]).verified.length, 1, 'twice is once')
  t.throws(() => openNote(peterNote, []), { code: 'unproven' })
  t.throws(() => openNote(peterNote, [peter, { ...peter }]), { code: 'malformed' })
})

t.test('what is no note is refused', async (t) => {
  const wrong: Record<string, string> = {
    empty: '',
    'no signature': `${peterText}\n`,
    'no empty line': peterText + peterLine,
    'no newline at the end': peterNote.slice(0, -1),
    'carriage return': peterNote.replace('\n', '\r\n'),
    'control character': `\u0001${peterNote}`,
    'half a surrogate pair': `\ud800${peterNote}`,
    'hyphen for dash': peterNote.replace('—', '-'),
    'two spaces': peterNote.replace('— P', '—  P'),
    'name with plus': peterNote.replace('— P', '— +P'),
    'no base64': peterNote.replace('JnAM=', 'JnA!='),
    'base64 with loose bits': peterNote.replace('JnAM=', 'JnAN='),
    'base64 without padding': peterNote.replace('JnAM=', 'JnAM'),
    'too short a signature': `${peterText}\n— PeterNeumann x08gow==\n`,
    'too large': `${'a'.repeat(1_000_000)}\n${peterNote}`,
    'too many signatures': peterNote + peterLine.repeat(100),
  }
  for (const [name, note] of Object.entries(wrong)) t.throws(() => splitNote(note), { code: 'malformed' }, name)
  t.equal(splitNote(peterNote + peterLine.repeat(15)).signatures.length, 16)
  t.equal(splitNote(peterNote + peterLine.repeat(99)).signatures.length, 100)
})

t.test('a note is joined from its parts, and only sound ones', async (t) => {
  const { text, signatures } = splitNote(peterNote)
  t.equal(joinNote(text, signatures), peterNote)
  t.throws(() => joinNote('no newline', signatures), { code: 'malformed' })
  t.throws(() => joinNote(text, []), { code: 'malformed' })
  t.throws(() => joinNote('tab\t\n', signatures), { code: 'malformed' })
})

t.test('a verifier key is read strictly', async (t) => {
  const data = fooKey.split('+')[2]!
  const bytes = Buffer.from(data, 'base64')
  const wrong: Record<string, string> = {
    empty: '',
    'two parts': 'example.com/foo+530d903a',
    'no name': `+530d903a+${data}`,
    'space in the name': fooKey.replace('/foo', '/ foo'),
    'other name': fooKey.replace('/foo', '/bar'),
    'other key id': fooKey.replace('530d903a', '530d903b'),
    'capital key id': fooKey.replace('530d903a', '530D903A'),
    'no data': 'example.com/foo+530d903a+',
    'short key': `example.com/foo+530d903a+${bytes.subarray(0, 32).toString('base64')}`,
    'unknown type': `example.com/foo+530d903a+${Buffer.concat([Buffer.of(2), bytes.subarray(1)]).toString('base64')}`,
    'no base64': `${fooKey}!`,
    newline: `${fooKey}\n`,
  }
  for (const [name, key] of Object.entries(wrong)) t.throws(() => parseVerifierKey(key), { code: 'malformed' }, name)
})

t.test('a signing key is read strictly, and its errors do not show it', async (t) => {
  const wrong = [
    peterKey,
    peterSecret.replace('PRIVATE', 'private'),
    peterSecret.replace('c74f20a3', 'c74f20a4'),
    peterSecret.replace('+AYEK', '+AYE'),
    peterSecret.replace('+AYEK', '+BoEK'),
    `${peterSecret}AAAA`,
  ]
  for (const key of wrong) {
    t.throws(() => parseSignerKey(key), { code: 'malformed', message: /^(?!.*FALVFGyNhPJ)/ }, key.slice(0, 30))
  }
  t.throws(() => signerKeyText('a b', Buffer.alloc(32)), { code: 'malformed' })
  t.throws(() => signerKeyText('a', Buffer.alloc(31)), { code: 'malformed' })
  t.throws(() => signerKeyText('a', Buffer.alloc(32), 0x02), { code: 'malformed' })
})

t.test('a key for cosignatures signs no plain notes', async (t) => {
  for (const type of [0x04, 0x06]) {
    const signer = parseSignerKey(generateSignerKey('witness.example', type).signerKey)
    t.throws(() => signNote('text\n', signer), { code: 'malformed' })
  }
})
