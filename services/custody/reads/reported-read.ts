import type { StoreName } from '../../foundation/store/store.ts'

/** A row of store_read that is to be judged. */
export interface JudgedRead {
  readonly store: StoreName
  readonly request_id: string
  readonly api: string
  readonly started_at: Date
  readonly at: Date
  readonly credential: string
  readonly bucket: string
  readonly object_key: string
  readonly version_id: string | null
  readonly bytes: number
}
