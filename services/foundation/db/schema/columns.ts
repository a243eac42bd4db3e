import type { ColumnType } from 'kysely'

// How a column reads in TypeScript: text and uuid are strings, int and bigint safe integers, bytea a Buffer.

/** timestamptz, in UTC. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** timestamptz that the database sets itself when the row is inserted. */
export type StampedTime = ColumnType<Date, Date | string | undefined, never>
/** jsonb: read parsed, written as text. */
export type Json = ColumnType<unknown, string | null, string | null>
/** text that a check constraint limits to the words of a list (words.ts). */
export type Word<List extends readonly string[]> = List[number]
