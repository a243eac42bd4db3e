import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A time-stamp authority of openssl: a root, a certificate for time-stamping under it, and what `openssl ts` needs. */
export interface AuthorityFiles {
  readonly folder: string
  readonly rootPem: string
  readonly rootPath: string
}

/** Makes root and authority in a folder that exists; leaves those that are there. */
export async function makeAuthority(folder: string, keys: 'ec' | 'rsa'): Promise<AuthorityFiles> {
  const rootPath = join(folder, 'root.pem')
  const files = () => ({ folder, rootPath, rootPem: readFileSync(rootPath, 'utf8') })
  if (existsSync(join(folder, 'authority.pem'))) return files()
  const newKey = keys === 'ec' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['rsa:2048']
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  writeFileSync(join(folder, 'authority.cnf'), configuration)
  await openssl(
    'req',
    '-x509',
    '-config',
    'authority.cnf',
    '-extensions',
    'root',
    '-newkey',
    ...newKey,
    '-nodes',
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=Local Test Root',
  )
  await openssl(
    'req',
    '-config',
    'authority.cnf',
    '-newkey',
    ...newKey,
    '-nodes',
    '-keyout',
    'authority.key',
    '-out',
    'authority.csr',
    '-subj',
    '/CN=Local Test Time-Stamp Authority',
  )
  await openssl(
    'x509',
    '-req',
    '-in',
    'authority.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-extfile',
    'authority.cnf',
    '-extensions',
    'authority',
    '-days',
    '3650',
    '-out',
    'authority.pem',
  )
  return files()
}

/** The authority's answer to a query: TimeStampResp, DER. */
export async function stamp({ folder }: AuthorityFiles, query: Buffer): Promise<Buffer> {
  // Each answer in a folder of its own, with the serial number that openssl counts in a file.
  const own = await mkdtemp(join(folder, 'answer-'))
  try {
    await writeFile(join(own, 'query'), query)
    await writeFile(join(own, 'serial'), Date.now().toString(16).padStart(12, '0'))
    await run('openssl', ['ts', '-reply', '-config', '../authority.cnf', '-queryfile', 'query', '-out', 'answer'], {
      cwd: own,
    })
    return await readFile(join(own, 'answer'))
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

const configuration = `
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[authority]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = local
[local]
serial = ./serial
signer_cert = ../authority.pem
signer_key = ../authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`
