/** What something is, by shape, word and colour; colour alone says nothing. `proven` is for what this program checked itself. */
export type Tone = 'proven' | 'normal' | 'running' | 'waits' | 'wrong' | 'none'
