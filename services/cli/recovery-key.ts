import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { Fault } from '../foundation/errors.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { writeSecret } from './ledger-keys.ts'
import { shareText } from './recovery-share.ts'
import { joinShares, readIdentity, splitIdentity } from './recovery-shares.ts'
import type { Terminal } from './terminal.ts'

export interface RecoveryKeyOptions {
  readonly out?: string
  readonly from?: string
  readonly shares?: string
  readonly needed?: string
  readonly outDirectory?: string
}

/**
 * Makes an age identity (c2sp.org/age, X25519), or takes the one in a file, and prints its recipient, the value of
 * ARCHIVE_RECOVERY_RECIPIENT. The identity goes into a new file of mode 0600, or as shares into one file each. What was
 * written is carried into safes and then leaves this machine.
 */
export async function recoveryKeyCommand(terminal: Terminal, options: RecoveryKeyOptions): Promise<ExitCode> {
  const asksForShares = [options.shares, options.needed, options.outDirectory].filter((one) => one !== undefined)
  if (asksForShares.length > 0 && asksForShares.length < 3) {
    throw new Fault('bad_request', 'shares are made with --shares, --needed and --out-directory together')
  }
  if (asksForShares.length === 0 && !options.out) {
    throw new Fault(
      'bad_request',
      '--out names the file of the key; or --shares, --needed and --out-directory its shares',
    )
  }
  const identity = options.from ? await readIdentity(options.from) : await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const shares = options.outDirectory
    ? await splitIdentity(identity, { shares: Number(options.shares), needed: Number(options.needed) })
    : []
  if (options.outDirectory) await mkdir(options.outDirectory, { recursive: true, mode: 0o700 })
  for (const share of shares) {
    const path = join(options.outDirectory!, `recovery-share-${share.number}-of-${share.of}.txt`)
    await writeSecret(path, shareText(share))
    terminal.err(
      `Share ${share.number} of ${share.of} is in ${path}: into an envelope of its own, and off this machine.`,
    )
  }
  if (options.out) {
    await writeSecret(options.out, `# public key: ${recipient}\n${identity}`)
    terminal.err(`The secret half is in ${options.out}: put it into two safes and off this machine.`)
  }
  terminal.out(recipient)
  terminal.err('The line above is the setting ARCHIVE_RECOVERY_RECIPIENT.')
  return exitCodes.fine
}

/** Makes the recovery key again from its shares, in a new file of mode 0600. */
export async function joinSharesCommand(
  terminal: Terminal,
  paths: readonly string[],
  options: { out: string },
): Promise<ExitCode> {
  const { identity, recipient } = await joinShares(paths)
  await writeSecret(options.out, `# public key: ${recipient}\n${identity}`)
  terminal.out(recipient)
  terminal.err(`The recovery key is whole again, in ${options.out}: use it, and then destroy that file.`)
  return exitCodes.fine
}
