export class InstallFailure extends Error {}
export function tail(output: string, lines?: number): string
