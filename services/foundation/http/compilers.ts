import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler } from 'fastify'

type SerializerFactory = ReturnType<typeof SerializerSelector>
type Serializer = ReturnType<ReturnType<SerializerFactory>>
type Validator = ReturnType<FastifySchemaCompiler<never>>

const serializers = new Map<string, Serializer>()
const validators = new WeakMap<object, Map<string | undefined, Validator>>()

/**
 * Fastify's own serializers, each made once for all servers of this process: those of a whole document take half a second of
 * CPU, and tests build many servers.
 */
export function buildSerializer(
  ...[sharedSchemas, options]: Parameters<SerializerFactory>
): ReturnType<SerializerFactory> {
  const compile = SerializerSelector()(sharedSchemas, options)
  const shared = JSON.stringify([sharedSchemas, options])
  return (route) => {
    const key = `${shared} ${JSON.stringify(route.schema)}`
    const known = serializers.get(key) ?? compile(route)
    serializers.set(key, known)
    return known
  }
}

/** Checks what a request holds, by TypeBox; made once for each schema. */
export const compileValidator: FastifySchemaCompiler<never> = (route) => {
  const { schema, httpPart } = route as { schema: object; httpPart?: string }
  const ofSchema = validators.get(schema) ?? new Map<string | undefined, Validator>()
  validators.set(schema, ofSchema)
  const known = ofSchema.get(httpPart) ?? TypeBoxValidatorCompiler(route)
  ofSchema.set(httpPart, known)
  return known
}
