import { createContext, useContext } from 'react'
import { type Words, zh } from './words.zh.ts'

export type { Words } from './words.zh.ts'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

/** English comes when somebody asks for it. */
export async function wordsOf(language: Language): Promise<Words> {
  return language === 'zh' ? zh : (await import('./words.en.ts')).en
}

export const WordsContext = createContext<Words>(zh)

export function useWords(): Words {
  return useContext(WordsContext)
}
