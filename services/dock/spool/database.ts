import { Worker } from 'node:worker_threads'

export type Value = string | number | null | Uint8Array

export interface Statement {
  readonly sql: string
  readonly values?: readonly Value[]
}

export type SpoolRequest = { readonly id: number } & (
  | { readonly kind: 'write'; readonly statements: readonly Statement[] }
  | { readonly kind: 'read'; readonly statement: Statement }
  | { readonly kind: 'close' }
)
type Asked<Request> = Request extends SpoolRequest ? Omit<Request, 'id'> : never

export type SpoolAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }

/** The spool's tables. Calls are answered in the order in which they were made. */
export interface SpoolDatabase {
  /** One transaction; on disk when it resolves. */
  write(statements: readonly Statement[]): Promise<void>
  read<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>
  close(): Promise<void>
}

/**
 * Opens the spool's database, made anew where there is none.
 *
 * @throws when another agent has it open, when it is of a later version or damaged: nothing of it is changed then
 */
export async function openSpoolDatabase(path: string): Promise<SpoolDatabase> {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: { path } })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let dead: Error | null = null
  const opened = new Promise<unknown>((resolve, reject) => waiting.set(0, { resolve, reject }))
  worker.on('message', (answer: SpoolAnswer) => {
    const caller = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) caller?.reject(new Error(`spool: ${answer.error}`))
    else caller?.resolve(answer.result)
  })
  const die = (error: Error) => {
    dead ??= error
    for (const { reject } of waiting.values()) reject(dead)
    waiting.clear()
  }
  worker.on('error', die)
  worker.on('exit', () => die(new Error('spool: its thread has ended')))
  let asked = 0
  const ask = (request: Asked<SpoolRequest>) =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead)
      asked += 1
      waiting.set(asked, { resolve, reject })
      worker.postMessage({ id: asked, ...request })
    })
  try {
    await opened
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    write: async (statements) => {
      await ask({ kind: 'write', statements })
    },
    read: async <Row>(sql: string, values: readonly Value[] = []) =>
      (await ask({ kind: 'read', statement: { sql, values } })) as Row[],
    close: async () => {
      await ask({ kind: 'close' })
      await worker.terminate()
    },
  }
}
