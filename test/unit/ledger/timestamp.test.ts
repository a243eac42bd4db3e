import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type AuthorityFiles, makeAuthority, stamp } from '../../../deploy/local/authority/openssl.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { timestampRequest } from '../../../services/ledger/timestamp/request.ts'
import { type TimestampFault, verifyTimestamp } from '../../../services/ledger/timestamp/timestamp.ts'
import { inFull } from '../../support/in-full.ts'

const stamped = Buffer.from('ledger.test/custody\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— x y\n')
const nonce = randomBytes(8)
/** Of the bytes of a token, every fourth is changed, which meets each of its parts; in full, every one. */
const step = inFull ? 1 : 4

/** The code of a refusal; null when the time-stamp was accepted. */
async function faultOf(
  response: Uint8Array,
  roots: readonly string[],
  options: { nonce?: Uint8Array; bytes?: Uint8Array } = {},
): Promise<TimestampFault | null> {
  try {
    await verifyTimestamp(response, options.bytes ?? stamped, roots, options.nonce)
    return null
  } catch (error) {
    if (isFault(error) && error.details.fault) return error.details.fault as TimestampFault
    throw error
  }
}

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'timestamp-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

for (const keys of ['ec', 'rsa'] as const) {
  t.test(
    `${keys}: a token of openssl is accepted, by openssl and here; with one byte changed by neither`,
    async (t) => {
      const files = await makeAuthority(folderOf(t), keys)
      const response = await stamp(files, timestampRequest(stamped, nonce))
      const roots = [files.rootPem]
      const verified = await verifyTimestamp(response, stamped, roots, nonce)
      t.match(verified, { authority: 'Local Test Time-Stamp Authority', policy: '1.2.3.4.1' })
      t.ok(Math.abs(verified.stampedAt.getTime() - Date.now()) < 60_000)
      t.ok(opensslAccepts(files, response, stamped))

      const faults = new Map<TimestampFault, number>()
      const accepted: number[] = []
      for (let at = 0; at < response.length; at += step) {
        const changed = Buffer.from(response)
        changed[at]! ^= 1 << (at % 8)
        const fault = await faultOf(changed, roots, { nonce })
        if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1)
        else accepted.push(at)
      }
      // Nothing depends on what is left: status 1 ("granted with changes") for 0, and the list of digest algorithms, which
      // stands before the content (RFC 5652 §5.1) and repeats what the signer says.
      const [status, list] = [8, response.indexOf(Buffer.from('310f300d0609608648016503040201', 'hex'))]
      const free = [status, ...Array.from({ length: 15 }, (_, index) => list + 2 + index)]
      t.same(
        accepted,
        free.filter((at) => at % step === 0),
      )
      t.same([...faults.keys()].sort(), ['timestamp_imprint', 'timestamp_malformed', 'timestamp_signature'])

      const imprint = response.indexOf(Buffer.from('0420', 'hex')) + 10
      const signature = response.length - 5
      for (const at of [imprint, signature]) {
        const changed = Buffer.from(response)
        changed[at]! ^= 1
        t.notOk(opensslAccepts(files, changed, stamped), `openssl refuses byte ${at} changed`)
      }
      const otherBytes = Buffer.from(stamped)
      otherBytes[3]! ^= 1
      t.notOk(opensslAccepts(files, response, otherBytes))
      t.equal(await faultOf(response, roots, { bytes: otherBytes }), 'timestamp_imprint')
    },
  )
}

t.test('bytes before, behind or instead of a token are none', async (t) => {
  const files = await makeAuthority(folderOf(t), 'ec')
  const roots = [files.rootPem]
  const response = await stamp(files, timestampRequest(stamped, nonce))
  const refused = await stamp(files, Buffer.from('3003020101', 'hex'))
  const wrong = {
    nothing: Buffer.alloc(0),
    noise: randomBytes(500),
    'a web page': Buffer.from('<html>502 Bad Gateway</html>'),
    'cut short': response.subarray(0, -1),
    'one byte more': Buffer.concat([response, Buffer.alloc(1)]),
    twice: Buffer.concat([response, response]),
    'the token without its response': response.subarray(9),
    'a refusal of openssl': refused,
    'a length in more octets than it needs': longForm(response),
    'lengths without end': Buffer.concat([Buffer.from([0x30, 0x80]), response.subarray(4), Buffer.alloc(2)]),
    'deep nesting': Buffer.from('30'.repeat(3).concat('00'), 'hex'),
  }
  for (const [name, bytes] of Object.entries(wrong)) t.equal(await faultOf(bytes, roots), 'timestamp_malformed', name)
})

t.test('the nonce that was sent must come back', async (t) => {
  const files = await makeAuthority(folderOf(t), 'ec')
  for (const sent of [Buffer.alloc(8), Buffer.from('00000000000000ff', 'hex'), Buffer.alloc(8, 0xff)]) {
    const response = await stamp(files, timestampRequest(stamped, sent))
    t.equal(await faultOf(response, [files.rootPem], { nonce: sent }), null, sent.toString('hex'))
    t.equal(await faultOf(response, [files.rootPem], { nonce }), 'timestamp_imprint')
    t.equal(await faultOf(response, [files.rootPem]), null, 'whoever did not ask cannot know it')
  }
  const withoutNonce = await stamp(files, opensslQuery(t, ['-sha256', '-no_nonce', '-cert']))
  t.equal(await faultOf(withoutNonce, [files.rootPem]), null)
  t.equal(await faultOf(withoutNonce, [files.rootPem], { nonce }), 'timestamp_imprint')
  const path = join(files.folder, 'authority.cnf')
  writeFileSync(path, readFileSync(path, 'utf8').replace('digests = sha256', 'digests = sha256, sha512'))
  const sha512 = await stamp(files, opensslQuery(t, ['-sha512', '-cert']))
  t.equal(await faultOf(sha512, [files.rootPem]), 'timestamp_imprint', 'a longer digest is not SHA-256')
})

t.test('only a certificate for time-stamping that leads to a trusted one counts', async (t) => {
  const folder = folderOf(t)
  const files = await makeAuthority(folder, 'ec')
  const other = await makeAuthority(folderOf(t), 'ec')
  const response = await stamp(files, timestampRequest(stamped, nonce))
  t.equal(await faultOf(response, []), 'timestamp_signature')
  t.equal(await faultOf(response, [other.rootPem]), 'timestamp_signature', 'another root of the same name')
  t.equal(await faultOf(response, [other.rootPem, files.rootPem]), null)
  const own = readFileSync(join(folder, 'authority.pem'), 'utf8')
  t.equal(await faultOf(response, [own]), null, 'the authority’s own certificate, trusted as it is')
  await t.rejects(verifyTimestamp(response, stamped, ['no certificate']), { code: 'malformed' })

  const refused: Record<string, string> = {
    'extended key usage not critical': 'extendedKeyUsage = timeStamping',
    'for other things too': 'extendedKeyUsage = critical,timeStamping,codeSigning',
    'for other things': 'extendedKeyUsage = critical,serverAuth',
    'no extended key usage': 'subjectKeyIdentifier = hash',
    'a key that may not sign': 'extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,keyAgreement',
    'a critical extension that nobody knows': 'extendedKeyUsage = critical,timeStamping\n1.2.3.4.5 = critical,DER:0500',
  }
  for (const [name, extensions] of Object.entries(refused)) {
    t.equal(await faultOf(await stampedBy(t, { extensions }), [testRoot(t).pem]), 'timestamp_signature', name)
  }
  const good = 'extendedKeyUsage = critical,timeStamping'
  const root = testRoot(t).pem
  t.equal(await faultOf(await stampedBy(t, { extensions: good }), [root]), null, 'the same way, but right')
  const expired = await stampedBy(t, { extensions: good, dates: ['20200101000000Z', '20210101000000Z'] })
  t.equal(await faultOf(expired, [root]), 'timestamp_signature', 'over before the stamp')
  const early = await stampedBy(t, { extensions: good, dates: ['20700101000000Z', '20710101000000Z'] })
  t.equal(await faultOf(early, [root]), 'timestamp_signature', 'not in force at the stamp')
})

t.test('a chain goes by CAs only', async (t) => {
  const good = 'extendedKeyUsage = critical,timeStamping'
  const middle = (extensions: string) => stampedBy(t, { extensions: good, middle: extensions })
  const root = testRoot(t).pem
  t.equal(await faultOf(await middle('basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign'), [root]), null)
  t.equal(await faultOf(await middle('basicConstraints = critical,CA:FALSE'), [root]), 'timestamp_signature')
  t.equal(await faultOf(await middle('subjectKeyIdentifier = hash'), [root]), 'timestamp_signature')
  const usage = 'basicConstraints = critical,CA:TRUE\nkeyUsage = digitalSignature'
  t.equal(await faultOf(await middle(usage), [root]), 'timestamp_signature', 'a CA that may not sign certificates')
})

t.test('a SHA-1 identifier of the signer’s certificate is read too', async (t) => {
  const files = await makeAuthority(folderOf(t), 'ec')
  const path = join(files.folder, 'authority.cnf')
  writeFileSync(path, readFileSync(path, 'utf8').replace('ess_cert_id_alg = sha256', 'ess_cert_id_alg = sha1'))
  t.equal(await faultOf(await stamp(files, timestampRequest(stamped, nonce)), [files.rootPem], { nonce }), null)
})

function opensslAccepts(files: AuthorityFiles, response: Uint8Array, bytes: Uint8Array): boolean {
  const [token, data] = [join(files.folder, 'token'), join(files.folder, 'data')]
  writeFileSync(token, response)
  writeFileSync(data, bytes)
  try {
    const args = ['ts', '-verify', '-in', token, '-data', data, '-CAfile', files.rootPath]
    return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).includes('Verification: OK')
  } catch {
    return false
  }
}

function opensslQuery(t: Test, args: string[]): Buffer {
  const data = join(folderOf(t), 'data')
  writeFileSync(data, stamped)
  return execFileSync('openssl', ['ts', '-query', '-data', data, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
}

/** The outer length, which has two octets, in three. */
function longForm(response: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, 0x83, 0x00]), response.subarray(2)])
}

interface TestRoot {
  readonly folder: string
  readonly pem: string
}

const testRoots = new WeakMap<object, TestRoot>()

/** A root of openssl, one for each test. */
function testRoot(t: Test): TestRoot {
  const known = testRoots.get(t)
  if (known) return known
  const folder = folderOf(t)
  writeFileSync(
    join(folder, 'root.cnf'),
    '[req]\ndistinguished_name=name\n[name]\n[ca]\nbasicConstraints=critical,CA:TRUE\n',
  )
  openssl(
    folder,
    'req -x509 -config root.cnf -extensions ca -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout root.key -out root.pem -days 99 -subj /CN=Root',
  )
  const root = { folder, pem: readFileSync(join(folder, 'root.pem'), 'utf8') }
  testRoots.set(t, root)
  return root
}

/**
 * A token by a signer that `openssl ts` itself might refuse to use: `openssl cms` signs a TSTInfo of a good token anew, and
 * what it makes is put into a response.
 */
async function stampedBy(
  t: Test,
  options: { extensions: string; middle?: string; dates?: readonly [string, string] },
): Promise<Buffer> {
  const { folder } = testRoot(t)
  const issue = (name: string, extensions: string, issuer: string, dates: readonly [string, string] | null) => {
    writeFileSync(join(folder, `${name}.cnf`), `[req]\ndistinguished_name=name\n[name]\n[own]\n${extensions}\n`)
    openssl(
      folder,
      `req -config ${name}.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`,
    )
    if (!dates) {
      openssl(
        folder,
        `x509 -req -in ${name}.csr -CA ${issuer}.pem -CAkey ${issuer}.key -set_serial 7 -days 9 -extfile ${name}.cnf -extensions own -out ${name}.pem`,
      )
      return
    }
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(join(folder, 'serial.txt'), '10\n')
    writeFileSync(join(folder, 'ca.cnf'), caConfiguration)
    openssl(
      folder,
      `ca -batch -config ca.cnf -in ${name}.csr -cert ${issuer}.pem -keyfile ${issuer}.key -startdate ${dates[0]} -enddate ${dates[1]} -extfile ${name}.cnf -extensions own -notext -out ${name}.pem`,
    )
  }
  if (options.middle) issue('middle', options.middle, 'root', null)
  issue('signer', options.extensions, options.middle ? 'middle' : 'root', options.dates ?? null)
  // Only now the stamp: a certificate begins when it is made, and a stamp from before that is rightly refused.
  const files = await makeAuthority(folderOf(t), 'ec')
  const response = await stamp(files, timestampRequest(stamped, nonce))
  writeFileSync(join(files.folder, 'response'), response)
  openssl(files.folder, 'ts -reply -in response -token_out -out token')
  openssl(files.folder, 'cms -verify -noverify -inform DER -in token -out info -binary')
  writeFileSync(join(folder, 'info'), readFileSync(join(files.folder, 'info')))
  const more = options.middle ? '-certfile middle.pem' : ''
  openssl(
    folder,
    `cms -sign -binary -nodetach -cades -nosmimecap -econtent_type 1.2.840.113549.1.9.16.1.4 -md sha256 -in info -signer signer.pem -inkey signer.key ${more} -outform DER -out signed`,
  )
  const token = readFileSync(join(folder, 'signed'))
  return sequence(Buffer.concat([Buffer.from('3003020100', 'hex'), token]))
}

function sequence(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 0xff]), content])
}

function openssl(folder: string, line: string): void {
  execFileSync('openssl', line.trim().split(/\s+/), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

const caConfiguration = `
[ca]
default_ca = own
[own]
database = ./index.txt
serial = ./serial.txt
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
`
