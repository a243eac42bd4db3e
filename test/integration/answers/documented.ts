/** One route of a server as its OpenAPI document has it. */
export interface Operation {
  /** Method and path: `GET /cases/{caseId}`. */
  readonly name: string
  /** Anyone may call it. */
  readonly isOpen: boolean
  /** Media types by status (`200`, `4XX`); none for an answer without a body. */
  readonly answers: Readonly<Record<string, readonly string[]>>
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
}
interface OpenApiOperation {
  readonly security: readonly unknown[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

/** Every operation of the document that the server itself hands out, by name. */
export async function documentedOperations(base: string): Promise<ReadonlyMap<string, Operation>> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApi
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, responses }]): Operation => {
      const answers = Object.entries(responses).map(([status, { content = {} }]) => [status, Object.keys(content)])
      return {
        name: `${method.toUpperCase()} ${path}`,
        isOpen: security.length === 0,
        answers: Object.fromEntries(answers),
      }
    }),
  )
  return new Map(operations.map((operation) => [operation.name, operation]))
}

/** What the answer has that the document does not say, in words; null when they agree. */
export function disagreement({ name, answers }: Operation, answer: Response, bodyBytes: number): string | null {
  const status = String(answer.status)
  const documented = answers[status] ?? answers[`${status[0]}XX`]
  if (!documented) return `${name} answers ${status}, and only ${Object.keys(answers).join(', ')} are documented`
  const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? null
  if (mediaType === null) {
    const isEmpty = documented.length === 0 && bodyBytes === 0
    return isEmpty ? null : `${name} ${status}: no content type, and ${documented.join(', ')} is documented`
  }
  if (documented.includes(mediaType)) return null
  return `${name} ${status}: ${mediaType} is not documented, only ${documented.join(', ') || 'an answer without a body'}`
}
