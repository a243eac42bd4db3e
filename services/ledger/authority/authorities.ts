import { readFileSync } from 'node:fs'
import { type Field, text } from '../../foundation/config.ts'
import { readRoots } from '../timestamp/certificates.ts'

/** Whom time-stamps are asked of. */
export interface TimestampAuthority {
  /** As stored and in file names: `[A-Za-z0-9_-]`, at most 64. */
  readonly name: string
  readonly url: string
  /** Certificates that its answers must lead to, each trusted as it is. */
  readonly rootsPem: readonly string[]
}

/**
 * The setting TIMESTAMP_AUTHORITIES (or a file's path in TIMESTAMP_AUTHORITIES_FILE): a JSON list of
 * `{"name", "url", "rootsPem" | "rootsFile"}`, the roots as PEM or as a path to it. Absent: none.
 */
export function authoritiesSetting(variable: string): Field<readonly TimestampAuthority[]> {
  const inner = text(variable, { fallback: '[]' })
  return {
    variable,
    read(env) {
      const raw = inner.read(env)
      if ('problems' in raw) return raw
      try {
        const authorities = readList(raw.value)
        const names = authorities.map(({ name }) => name)
        if (new Set(names).size < names.length) return { problems: [`${variable}: a name is there twice`] }
        return { value: authorities }
      } catch (error) {
        return { problems: [`${variable}: ${error instanceof Error ? error.message : String(error)}`] }
      }
    },
  }
}

function readList(json: string): TimestampAuthority[] {
  const list: unknown = JSON.parse(json)
  if (!Array.isArray(list)) throw new Error('not a JSON list')
  return list.map((entry: unknown, at) => readAuthority(entry as Record<string, unknown>, `entry ${at + 1}`))
}

function readAuthority(entry: Record<string, unknown> | null, where: string): TimestampAuthority {
  const { name, url, rootsPem, rootsFile, ...others } = entry ?? {}
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new Error(`${where}: name: 1 to 64 letters, digits, - and _`)
  }
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Error(`${where}: url: an address beginning with http:// or https://`)
  }
  if (Object.keys(others).length > 0) throw new Error(`${where}: unknown: ${Object.keys(others).join(', ')}`)
  if ((typeof rootsPem === 'string') === (typeof rootsFile === 'string')) {
    throw new Error(`${where}: either rootsPem or rootsFile`)
  }
  const roots = [typeof rootsPem === 'string' ? rootsPem : readFileSync(String(rootsFile), 'utf8')]
  readRoots(roots)
  return { name, url, rootsPem: roots }
}
