import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import type { Db } from '../../services/foundation/db/database.ts'
import * as words from '../../services/foundation/db/words.ts'
import { storeNames } from '../../services/foundation/store/store.ts'

/** A column as services/foundation/db/schema/*.ts declares it, or as the database has it. */
export interface Column {
  /** `string`, `number`, `boolean`, `Buffer`, `Timestamp`, `Json`, `string[]` or `number[]`. */
  readonly type: string
  readonly isNullable: boolean
  /** An INSERT may leave it out although it is not null. */
  readonly hasDefault: boolean
  /** The words it may hold, in alphabetical order; null when it may hold any. */
  readonly words: readonly string[] | null
}
/** Columns by `table.column`. */
export type Columns = ReadonlyMap<string, Column>

const folder = new URL('../../services/foundation/db/schema/', import.meta.url)
const lists: Readonly<Record<string, readonly string[]>> = { ...words, storeNames }
const columnType =
  /^(?:(string|number|boolean|Buffer|Timestamp|StampedTime|Json|string\[\]|number\[\]|Word<typeof (\w+)>)|Generated<(string|number|boolean|Buffer|Timestamp|string\[\]|Word<typeof (\w+)>)>)( \| null)?$/

/**
 * The columns that the types of services/foundation/db/schema/*.ts declare. The reader knows the few forms that these files
 * are written in, and nothing else.
 *
 * @throws Error naming file and line for any other form, and for a table that `Database` does not include
 */
export function declaredColumns(): Columns {
  const columns = new Map<string, Column>()
  const groups: string[] = []
  for (const file of readdirSync(folder).filter((name) => name !== 'columns.ts')) {
    const interfaces = readInterfaces(file)
    const group = [...interfaces.keys()].find((name) => name.endsWith('Tables'))
    if (group === undefined) throw new Error(`${file}: there is no interface …Tables`)
    groups.push(group)
    const tables = interfaces.get(group)!
    for (const [table, type] of tables) {
      const members = interfaces.get(type)
      if (!members) throw new Error(`${file}: ${table}: ${type} is not declared here`)
      for (const [column, text] of members) columns.set(`${table}.${column}`, readColumn(`${table}.${column}`, text))
    }
    const unused = [...interfaces.keys()].filter((name) => name !== group && ![...tables.values()].includes(name))
    if (unused.length > 0) throw new Error(`${file}: ${unused.join(', ')} is in no table of ${group}`)
  }
  const joined = /export interface Database\s+extends ([^{]+)\{/.exec(
    readFileSync(new URL('../schema.ts', folder), 'utf8'),
  )
  const included = (joined?.[1] ?? '').split(',').map((name) => name.trim())
  const missing = groups.filter((group) => !included.includes(group))
  if (missing.length > 0) throw new Error(`schema.ts: Database does not extend ${missing.join(', ')}`)
  return columns
}

/** Members (name to type) of each interface of one file. */
function readInterfaces(file: string): Map<string, Map<string, string>> {
  const interfaces = new Map<string, Map<string, string>>()
  let members: Map<string, string> | null = null
  const text = readFileSync(new URL(file, folder), 'utf8')
  // An import that is long stands on several lines.
  const source = text.replaceAll(/^import type \{[^}]*\}/gm, (whole) => whole.replaceAll('\n', ' '))
  for (const [index, line] of source.split('\n').entries()) {
    const opened = /^export interface (\w+Tables?) \{$/.exec(line)?.[1]
    const [, name, type] = /^ {2}(\w+): (.+)$/.exec(line) ?? []
    if (members === null && opened !== undefined) {
      members = new Map()
      interfaces.set(opened, members)
    } else if (members !== null && name !== undefined && type !== undefined) {
      members.set(name, type)
    } else if (members !== null && line === '}') {
      members = null
    } else if (members !== null && /^ {2}\/\*\*.*\*\/$/.test(line)) {
      // A comment on a column.
    } else if (members !== null || !/^$|^import type \{.*\} from '.+'$|^\/\*\*.*\*\/$/.test(line)) {
      throw new Error(`${file}, line ${index + 1}: not in the form that this reader knows: ${line}`)
    }
  }
  return interfaces
}

function readColumn(name: string, text: string): Column {
  const found = columnType.exec(text)
  if (!found) throw new Error(`${name}: '${text}' is not a type that this reader knows (see schema/columns.ts)`)
  const [, plain, plainList, generated, generatedList, orNull] = found
  const list = plainList ?? generatedList
  if (list !== undefined && !lists[list]) throw new Error(`${name}: there is no list of words '${list}'`)
  const type = plain ?? generated ?? ''
  return {
    type: list !== undefined ? 'string' : type === 'StampedTime' ? 'Timestamp' : type,
    isNullable: orNull !== undefined,
    hasDefault: generated !== undefined || type === 'StampedTime',
    words: list === undefined ? null : [...lists[list]!].sort(),
  }
}

const typeOfColumn: Readonly<Record<string, string>> = {
  text: 'string',
  uuid: 'string',
  int4: 'number',
  int8: 'number',
  bool: 'boolean',
  bytea: 'Buffer',
  timestamptz: 'Timestamp',
  jsonb: 'Json',
  _text: 'string[]',
  _int4: 'number[]',
  _uuid: 'string[]',
}

/** The columns of a migrated database. The migrator's own two tables are left out. */
export async function storedColumns(db: Db): Promise<Columns> {
  const { rows } = await sql<{ name: string; udt: string; nullable: boolean; defaulted: boolean }>`
    select c.table_name || '.' || c.column_name as name, c.udt_name as udt, c.is_nullable = 'YES' as nullable,
      c.column_default is not null as defaulted
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where table_schema = 'public' and t.table_type = 'BASE TABLE' and table_name not like 'kysely%'
    order by c.table_name, c.ordinal_position`.execute(db)
  const limited = await storedWords(db)
  return new Map(
    rows.map(({ name, udt, nullable, defaulted }) => {
      const type = typeOfColumn[udt] ?? udt
      return [name, { type, isNullable: nullable, hasDefault: defaulted, words: limited.get(name) ?? null }]
    }),
  )
}

/** The words that check constraints allow, by `table.column`: those of the form `column in ('a', 'b')`. */
async function storedWords(db: Db): Promise<Map<string, readonly string[]>> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select c.conrelid::regclass || '.' || a.attname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'c' and c.connamespace = 'public'::regnamespace and cardinality(c.conkey) = 1`.execute(db)
  const found = new Map<string, readonly string[]>()
  for (const { name, definition } of rows) {
    const list = /^CHECK \(\(\w+ = (?:ANY \(ARRAY\[(.*)\]\)|('[^']*'::text))\)\)$/.exec(definition)
    if (!list) continue
    const allowed = [...(list[1] ?? list[2]!).matchAll(/'([^']*)'::text/g)].map(([, word]) => word!)
    found.set(name, allowed.sort())
  }
  return found
}

/** What the two do not agree on, a sentence each; empty when they do. */
export function differences(declared: Columns, stored: Columns): string[] {
  const found: string[] = []
  for (const name of new Set([...declared.keys(), ...stored.keys()])) {
    const [type, column] = [declared.get(name), stored.get(name)]
    if (!type || !column) {
      found.push(`${name}: ${type ? 'declared, but not in the database' : 'in the database, but not declared'}`)
      continue
    }
    for (const fact of ['type', 'isNullable', 'hasDefault', 'words'] as const) {
      const [said, is] = [JSON.stringify(type[fact]), JSON.stringify(column[fact])]
      if (said !== is) found.push(`${name}: ${fact} is declared as ${said}, and is ${is} in the database`)
    }
  }
  return found.sort()
}
