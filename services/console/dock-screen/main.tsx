import type { ScreenState } from './types.ts'

const nothing: ScreenState | null = null
document.title = String(nothing)
