/** Types of an OpenAPI document, as the compiler's own nodes. */
export function openapiTypes(document: object): Promise<readonly object[]>
/** The nodes as text. */
export function astToString(nodes: readonly object[]): string
