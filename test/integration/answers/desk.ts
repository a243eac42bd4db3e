import type { OwnWitness } from '../../support/witness.ts'
import type { Bureau } from '../access/bureau.ts'
import type { Answered, CallOptions, DocumentedServer } from './caller.ts'

export type Who = keyof Bureau['people']

/** What the calls need: a bureau whose log has not signed anything yet, and a witness without network. */
export interface Office {
  readonly bureau: Bureau
  readonly server: DocumentedServer
  readonly witness: OwnWitness
  /** For the courier's files. */
  readonly folder: string
}

export interface Desk extends Office {
  /** Somebody who is signed in calls. */
  by(who: Who, name: string, status: number, options?: CallOptions): Promise<Answered>
}
