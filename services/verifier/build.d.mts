export function buildVerifier(options?: { ifStale?: boolean }): Promise<boolean>
