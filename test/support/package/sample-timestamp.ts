import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A time-stamp authority that exists for one call: its certificate (PEM) and its answers over the given bytes. */
export function sampleTimestamps(stamped: readonly Buffer[]): { root: string; responses: Buffer[] } {
  const folder = mkdtempSync(join(tmpdir(), 'sample-timestamp-'))
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    writeFileSync(join(folder, 'tsa.cnf'), configuration)
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '36500',
      '-subj',
      '/CN=Sample Root',
      '-sha256',
    )
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Sample TSA')
    openssl(
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-set_serial',
      '2',
      '-days',
      '36500',
      '-sha256',
      '-extfile',
      'tsa.cnf',
      '-extensions',
      'tsa_extensions',
      '-out',
      'tsa.pem',
    )
    const responses = stamped.map((bytes) => {
      writeFileSync(join(folder, 'data'), bytes)
      openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-out', 'query')
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-out', 'response')
      return readFileSync(join(folder, 'response'))
    })
    return { root: readFileSync(join(folder, 'ca.pem'), 'utf8'), responses }
  } finally {
    rmSync(folder, { recursive: true })
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
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`
