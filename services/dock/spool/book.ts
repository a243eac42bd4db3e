import type { SpoolDatabase, Statement } from './database.ts'
import type { FileProgress, FileRecord, HandInRecord, Post } from './records.ts'
import { changeOf, type FileRow, fileOf, fileValues, type HandInRow, handInOf } from './rows.ts'

/**
 * Every list that this station signed and may still have to do with. What a function changes is on disk first and in the
 * records after, so that nothing is acted on that a power cut could take back.
 */
export interface Book {
  /** Those with something left to do, oldest first. */
  open(): readonly HandInRecord[]
  /**
   * Those of one medium of a device, oldest first. A device may have several: cards that are changed, days in the store of a
   * station. What lies on one says nothing of what lies on another.
   */
  ofMedium(serial: string, medium: string | null): readonly HandInRecord[]
  byId(id: string): HandInRecord | null
  /** When the newest list of each device was signed (milliseconds since 1970), also of those that are done. */
  newestLists(): ReadonlyMap<string, number>
  /** Where a line's file is handed in: by itself, or by an earlier list. */
  homeOf(handIn: HandInRecord, file: FileRecord): { handIn: HandInRecord; file: FileRecord }
  /** Keeps a signed list, and what is to be posted after it. */
  add(handIn: HandInRecord, list: string, posts: readonly Post[]): Promise<void>
  saveFile(
    handIn: HandInRecord,
    file: FileRecord,
    change: Partial<FileProgress>,
    also?: readonly Statement[],
  ): Promise<void>
  /** Several files of one list in one transaction. */
  saveFiles(handIn: HandInRecord, changes: readonly FileChange[], also?: readonly Statement[]): Promise<void>
  saveHandIn(
    handIn: HandInRecord,
    change: Partial<Pick<HandInRecord, 'state' | 'serverId' | 'refusal' | 'pickedUpMs'>>,
    also?: readonly Statement[],
  ): Promise<void>
  /** Calls back after each change. */
  onChange(listener: (serial: string) => void): void
}

export interface FileChange {
  readonly file: FileRecord
  readonly change: Partial<FileProgress>
}

export async function openBook(database: SpoolDatabase): Promise<Book> {
  const handIns = await loadNotDone(database)
  const newestLists = await loadNewest(database)
  const listeners: ((serial: string) => void)[] = []
  const tell = (serial: string) => {
    for (const listener of listeners) listener(serial)
  }
  const saveFiles: Book['saveFiles'] = async (handIn, changes, also = []) => {
    await database.write([...changes.map(({ file, change }) => changeStatement(handIn, file, change)), ...also])
    for (const { file, change } of changes) Object.assign(file, change)
    tell(handIn.serial)
  }
  return {
    open: () => [...handIns.values()],
    ofMedium: (serial, medium) =>
      [...handIns.values()].filter((handIn) => handIn.serial === serial && handIn.medium === medium),
    byId: (id) => handIns.get(id) ?? null,
    newestLists: () => newestLists,
    homeOf(handIn, file) {
      const home = file.home ? handIns.get(file.home.handIn) : undefined
      const line = home?.files[file.home!.number]
      return home && line ? { handIn: home, file: line } : { handIn, file }
    },
    async add(handIn, list, posts) {
      const statements = [
        {
          sql: 'insert into hand_in (id, serial, medium, opened_ms, files_root, list, state) values (?, ?, ?, ?, ?, ?, ?)',
          values: [handIn.id, handIn.serial, handIn.medium, handIn.openedMs, handIn.filesRoot, list, handIn.state],
        },
        ...handIn.files.map((file) => {
          const { columns, values } = fileValues(handIn.id, file)
          return { sql: `insert into file (${columns}) values (${values.map(() => '?').join(', ')})`, values }
        }),
        ...posts.map((post) => postStatement(handIn.id, post)),
      ]
      await database.write(statements)
      handIns.set(handIn.id, handIn)
      newestLists.set(handIn.serial, handIn.openedMs)
      tell(handIn.serial)
    },
    saveFile: (handIn, file, change, also) => saveFiles(handIn, [{ file, change }], also),
    saveFiles,
    async saveHandIn(handIn, change, also = []) {
      const after = { ...handIn, ...change }
      await database.write([
        {
          sql: 'update hand_in set state = ?, server_id = ?, refusal = ?, picked_up_ms = ? where id = ?',
          values: [after.state, after.serverId, after.refusal, after.pickedUpMs, handIn.id],
        },
        ...also,
      ])
      Object.assign(handIn, change)
      if (handIn.state === 'done') handIns.delete(handIn.id)
      tell(handIn.serial)
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}

function changeStatement(handIn: HandInRecord, file: FileRecord, change: Partial<FileProgress>): Statement {
  const { set, values } = changeOf(change)
  const sql = `update file set ${set} where hand_in = ? and number = ?`
  return { sql, values: [...values, handIn.id, file.number] }
}

/** Puts something at the end of what is to be posted. `handIn`: ours, for paths that name the bureau's. */
export function postStatement(handIn: string | null, { path, body }: Post): Statement {
  return {
    sql: "insert into post (hand_in, path, body, state) values (?, ?, ?, 'waiting')",
    values: [handIn, path, JSON.stringify(body)],
  }
}

async function loadNotDone(database: SpoolDatabase): Promise<Map<string, HandInRecord>> {
  const rows = await database.read<HandInRow>(
    "select id, serial, medium, opened_ms, files_root, state, server_id, refusal, picked_up_ms from hand_in where state <> 'done' order by opened_ms, id",
  )
  const handIns = new Map<string, HandInRecord>()
  for (const row of rows) {
    const files = await database.read<FileRow>('select * from file where hand_in = ? order by number', [row.id])
    handIns.set(row.id, handInOf(row, files.map(fileOf)))
  }
  return handIns
}

async function loadNewest(database: SpoolDatabase): Promise<Map<string, number>> {
  const rows = await database.read<Pick<HandInRow, 'serial' | 'opened_ms'>>(
    'select serial, max(opened_ms) as opened_ms from hand_in group by serial',
  )
  return new Map(rows.map(({ serial, opened_ms }) => [serial, opened_ms]))
}
