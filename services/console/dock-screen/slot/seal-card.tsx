import { useState } from 'react'
import { useSurroundings } from '../context.ts'
import { useWords, type Words } from '../words.ts'
import { afterScan, isSealNumberSure, noSealNumber, type SealNumber } from './seal-number.ts'
import type { Acts } from './use-detail.ts'
import { useScanned } from './use-scanned.ts'

const keys = [...'1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-']
const lengths = { sealNumber: 100, keeper: 100, place: 200 }
type Field = keyof typeof lengths

/**
 * 留存原卡: seal number (typed, or scanned twice into the empty field), keeper and place; until they are said, the card's slot asks
 * for them.
 */
export function SealCard({ slot, acts }: { slot: number; acts: Acts }) {
  const { act } = useWords()
  const { client } = useSurroundings()
  const [seal, setSeal] = useState(noSealNumber)
  const [holder, setHolder] = useState({ keeper: '', place: '' })
  const said: Record<Field, string> = { sealNumber: seal.text, ...holder }
  const set = (field: Field, whole: string) => {
    const text = whole.slice(0, lengths[field])
    if (field === 'sealNumber') setSeal({ text, state: 'typed' })
    else setHolder((before) => ({ ...before, [field]: text }))
  }
  useScanned((text) => setSeal((before) => afterScan(before, text)))
  const isWhole = isSealNumberSure(seal) && Object.values(holder).every((text) => text.trim() !== '')
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
        <p className="hint" role="status">
          {sealHint(seal, act)}
        </p>
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

function sealHint({ text, state }: SealNumber, act: Words['act']): string {
  if (state === 'read_once') return act.sealReadOnce(text)
  if (state === 'read_twice') return act.sealReadTwice(text)
  return state === 'differed' ? act.sealDiffered : act.sealSays
}
