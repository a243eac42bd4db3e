/** A text in both languages, Chinese first. */
export interface Words {
  readonly zh: string
  readonly en: string
}

export interface CodeWords {
  readonly what: Words
  readonly means: Words
}

/** Both texts of a code: what was found, then what that means for whoever relies on the package. */
export const words = (zh: string, en: string, zhMeans: string, enMeans: string): CodeWords => ({
  what: { zh, en },
  means: { zh: zhMeans, en: enMeans },
})
