import { astToString, openapiTypes } from '@custody/openapi-types'
import t from 'tap'
import { compareGolden } from '../../support/golden.ts'
import { buildServers, serverNames } from '../../support/servers.ts'

t.test('the interface of each server is the one that was agreed', async (t) => {
  const servers = await buildServers(t)
  for (const name of serverNames) {
    const text = `${JSON.stringify(sorted(servers[name].swagger()), null, 2)}\n`
    compareGolden(t, new URL(`../../../services/${name}/openapi.json`, import.meta.url), text)
    if (name !== 'ingest') {
      const types = astToString(await openapiTypes(JSON.parse(text)))
      compareGolden(t, new URL(`../../../services/console/api/${name}.d.ts`, import.meta.url), types)
    }
    t.notMatch(text, /https?:\/\/(?!tus\.io)/, `${name}: no address of any installation`)
  }
})

/** With the members of every object in alphabetical order: where a route stands in the code is nobody's concern. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}
