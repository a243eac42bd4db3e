import t from 'tap'
import { recordingFlags } from '../../../services/custody/events/words.ts'

t.test('the page has a sentence in both languages for each mark of a recording', async (t) => {
  const page = new URL('../../../services/access/watch/flag-words.js', import.meta.url)
  const { flagWords } = (await import(page.href)) as { flagWords: Record<string, Record<string, string>> }
  for (const language of ['zh', 'en']) {
    t.same(Object.keys(flagWords[language]!).sort(), [...recordingFlags].sort(), language)
  }
})
