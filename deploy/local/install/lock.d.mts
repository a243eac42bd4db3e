export function withLock<T>(directory: string, what: string, work: () => Promise<T>): Promise<T>
