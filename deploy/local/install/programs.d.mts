export function onPath(name: string): string | undefined
export function isProgram(path: string): boolean
export function outputOf(path: string, args: readonly string[]): string
export function postgresBin(oldestMajor?: number): string | undefined
export function redisServer(oldestMajor?: number): string | undefined
export function cachedPrograms(): string
export function minioServer(): string | undefined
export function minioClient(): string | undefined
export function chromium(): string | undefined
export function chineseFont(): string | undefined
export function storesAreGiven(): boolean
