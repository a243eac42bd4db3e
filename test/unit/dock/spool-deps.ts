import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { StationDeps } from '../../../services/dock/docking/deps.ts'
import type { Ask } from '../../../services/dock/ingest/client.ts'
import { openPostTroubles } from '../../../services/dock/ingest/post-troubles.ts'
import { openAnswers } from '../../../services/dock/spool/answers.ts'
import { openBook } from '../../../services/dock/spool/book.ts'
import { openClearings } from '../../../services/dock/spool/clearings.ts'
import { openSpoolDatabase } from '../../../services/dock/spool/database.ts'
import { openKeptCopies } from '../../../services/dock/spool/kept-copies.ts'
import { type FileProgress, type HandInRecord, untouched } from '../../../services/dock/spool/records.ts'
import { openLog } from '../../../services/foundation/log.ts'

interface Test {
  teardown(end: () => unknown): unknown
}

/** A station's spool, and a bureau that answers as `answer` says. */
export async function openSpool(t: Test, answer: (question: Ask) => unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  const database = await openSpoolDatabase(join(folder, 'spool.sqlite'))
  t.teardown(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })
  const identity = await generateX25519Identity()
  const recoveryRecipient = await identityToRecipient(await generateX25519Identity())
  const copies = await openKeptCopies({
    folder: join(folder, 'copies'),
    bytesMax: 1024 ** 3,
    identity,
    recoveryRecipient,
  })
  let made = 0
  const newId = () => `id-${++made}`
  const asked: Ask[] = []
  const ingest = {
    async ask(question: Ask) {
      asked.push(question)
      return { status: 200, headers: {}, text: JSON.stringify((await answer(question)) ?? {}) }
    },
  }
  const deps = {
    log: openLog({ service: 'dock', level: 'silent' }),
    now: () => 0,
    newId,
    database,
    copies,
    ingest,
    book: await openBook(database),
    answers: openAnswers(database, newId),
    clearings: openClearings(database),
    troubles: await openPostTroubles(database),
    wake: () => undefined,
    onStep: () => undefined,
  } as unknown as StationDeps
  return { deps, asked, folder }
}

/** A list whose lines stand as `files` says. */
export function listOf(id: string, serial: string, files: readonly Partial<FileProgress>[]): HandInRecord {
  return {
    ...{
      id,
      serial,
      medium: null,
      openedMs: 0,
      filesRoot: '',
      state: 'signed',
      serverId: null,
      refusal: null,
      pickedUpMs: null,
    },
    files: files.map((progress, number) => ({
      ...untouched,
      ...{ number, path: Buffer.from(`${number}`), name: Buffer.from(`${number}`), bytes: 1, modifiedMs: 1 },
      ...{ deviceTime: null, runningNumber: null, mark: false, home: null },
      ...progress,
    })),
  }
}
