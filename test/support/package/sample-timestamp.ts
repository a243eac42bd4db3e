import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SampleAuthority {
  /** Certificate of its root, PEM. */
  readonly root: string
  /** Its TimeStampResp over these bytes. */
  readonly stamp: (bytes: Buffer, digest?: 'sha256' | 'sha512') => Buffer
  readonly close: () => void
}

/** A time-stamp authority of openssl in a folder of its own, until it is closed. */
export function sampleAuthority(): SampleAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'sample-timestamp-'))
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' })
  writeFileSync(join(folder, 'tsa.cnf'), configuration)
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 36500 -subj /CN=Sample-Root -sha256')
  openssl('req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Sample-TSA')
  const issue = '-CA ca.pem -CAkey ca.key -set_serial 2 -extfile tsa.cnf -extensions tsa_extensions'
  openssl(`x509 -req -in tsa.csr ${issue} -days 36500 -sha256 -out tsa.pem`)
  return {
    root: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    stamp: (bytes, digest = 'sha256') => {
      writeFileSync(join(folder, 'data'), bytes)
      openssl(`ts -query -data data -${digest} -cert -out query`)
      openssl('ts -reply -config tsa.cnf -queryfile query -out response')
      return readFileSync(join(folder, 'response'))
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

const configuration = `
[tsa_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = sample
[sample]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`
