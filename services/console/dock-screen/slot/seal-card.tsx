import { useState } from 'react'
import { useSurroundings } from '../context.ts'
import { useWords } from '../words.ts'
import type { Acts } from './use-detail.ts'
import { useScanned } from './use-scanned.ts'

const keys = [...'1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-']
const lengths = { sealNumber: 100, keeper: 100, place: 200 }
type Field = keyof typeof lengths

/**
 * 留存原卡: seal number (typed, or scanned into the empty field), keeper and place; until they are said, the card's slot asks for
 * them.
 */
export function SealCard({ slot, acts }: { slot: number; acts: Acts }) {
  const { act } = useWords()
  const { client } = useSurroundings()
  const [said, setSaid] = useState<Record<Field, string>>({ sealNumber: '', keeper: '', place: '' })
  const set = (field: Field, text: string) =>
    setSaid((before) => ({ ...before, [field]: text.slice(0, lengths[field]) }))
  // A second text is not the seal's: somebody shows his work card, and its number is no seal number.
  useScanned((text) => said.sealNumber === '' && set('sealNumber', text))
  const isWhole = Object.values(said).every((text) => text.trim() !== '')
  const input = (field: Field) => (
    <label>
      <span>{act.seal[field]}</span>
      <input
        type="text"
        maxLength={lengths[field]}
        value={said[field]}
        onChange={({ target }) => set(field, target.value)}
      />
    </label>
  )
  const presets = (field: 'keeper' | 'place') => (
    <div className="presets">
      {act.sealPresets[field].map((text) => (
        <button key={text} type="button" aria-pressed={said[field] === text} onClick={() => set(field, text)}>
          {text}
        </button>
      ))}
    </div>
  )
  return (
    <div className="seal-card">
      <section>
        {input('sealNumber')}
        {input('keeper')}
        {presets('keeper')}
        {input('place')}
        {presets('place')}
      </section>
      <section>
        <div className="letters">
          {keys.map((key) => (
            <button key={key} type="button" onClick={() => set('sealNumber', said.sealNumber + key)}>
              {key}
            </button>
          ))}
          <button type="button" className="wide" onClick={() => set('sealNumber', said.sealNumber.slice(0, -1))}>
            {act.erase}
          </button>
        </div>
        <p className="hint">{act.sealSays}</p>
        <button
          type="button"
          className="primary"
          disabled={!isWhole || acts.isRunning}
          onClick={() => acts.run(() => client.keepCard(slot, said))}
        >
          {act.sealDone}
        </button>
      </section>
    </div>
  )
}
