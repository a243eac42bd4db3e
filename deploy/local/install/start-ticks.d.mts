export function startTicksOf(pid: number): string
