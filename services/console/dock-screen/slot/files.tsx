import { useState } from 'react'
import { plain } from '../../../foundation/plain-text.ts'
import { deviceTimeText, sizeText } from '../../parts/figures.ts'
import { Status } from '../../parts/status.tsx'
import type { Tone } from '../../parts/tone.ts'
import { Pager } from '../pages.tsx'
import { useRowsThatFit } from '../rows-that-fit.ts'
import type { SlotFile } from '../types.ts'
import { useWords, type Words } from '../words.ts'

interface FilesProps {
  readonly files: readonly SlotFile[]
  readonly chosen: ReadonlySet<number>
  onChosen(chosen: ReadonlySet<number>): void
}

/** Every file of the list: names and figures, never a picture. A touch on a row chooses it for what is said about it. */
export function Files({ files, chosen, onChosen }: FilesProps) {
  const words = useWords()
  const [from, setFrom] = useState(0)
  const [place, size] = useRowsThatFit<HTMLElement>(rowsThatFit, rowsOfPhone)
  const start = Math.min(from, Math.max(0, files.length - 1))
  const toggle = (number: number) => {
    const next = new Set(chosen)
    if (!next.delete(number)) next.add(number)
    onChosen(next)
  }
  const { slot } = words
  return (
    <section className="files" ref={place}>
      <table>
        <thead>
          <tr>
            <th scope="col">{slot.file}</th>
            <th scope="col" className="figure">
              {slot.size}
            </th>
            <th scope="col">{slot.sent}</th>
            <th scope="col">{slot.state}</th>
            <th scope="col">{slot.receipt}</th>
            <th scope="col">{slot.cleared}</th>
          </tr>
        </thead>
        <tbody>
          {files.slice(start, start + size).map((file) => (
            <FileRow key={file.number} file={file} isChosen={chosen.has(file.number)} onToggle={toggle} words={words} />
          ))}
        </tbody>
      </table>
      {files.length === 0 && <p>{slot.noFiles}</p>}
      <Pager from={start} size={size} all={files.length} onFrom={setFrom} />
    </section>
  )
}

/** Lengths of the table in pixels: its head, a row, and the two buttons below. */
const lengths = { head: 44, row: 67, pager: 74 }

const rowsMin = 2
const rowsOfPhone = 6

function rowsThatFit({ clientHeight }: HTMLElement): number {
  return Math.max(rowsMin, Math.floor((clientHeight - lengths.head - lengths.pager) / lengths.row))
}

interface RowProps {
  readonly file: SlotFile
  readonly isChosen: boolean
  onToggle(number: number): void
  readonly words: Words
}

function FileRow({ file, isChosen, onToggle, words }: RowProps) {
  const { slot } = words
  return (
    <tr className={isChosen ? 'chosen' : ''}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} onClick={() => onToggle(file.number)}>
          <span className="tick" aria-hidden="true">
            {isChosen ? '☑' : '☐'}
          </span>
          <span className="file-name">
            <FileName name={file.name} />
          </span>
          <span className="file-time">
            {deviceTimeText(file.recordedAt) ?? ''}
            {file.mark && <b className="mark"> ⚑{slot.marked}</b>}
          </span>
        </button>
      </th>
      <td className="figure">{sizeText(file.bytes)}</td>
      <td>{sentPart(file, words)}</td>
      <td>
        <Status tone={stateTones[file.state]}>{words.fileState[file.state]}</Status>
      </td>
      <td>
        <Status tone={receiptTones[file.receipt]}>{receiptText(file, words)}</Status>
      </td>
      <td>{slot.clearedWords[file.cleared]}</td>
    </tr>
  )
}

/** The end of a name says most (its running number): a long one is cut before it. */
function FileName({ name }: { name: string }) {
  const characters = [...plain(name)]
  const tail = characters.slice(-nameTail).join('')
  return (
    <bdi className="cut-name">
      <span>{characters.slice(0, -nameTail).join('')}</span>
      <span>{tail}</span>
    </bdi>
  )
}

const nameTail = 12

const stateTones: Record<SlotFile['state'], Tone> = {
  waiting: 'none',
  receiving: 'running',
  complete: 'running',
  sealed: 'running',
  secured: 'normal',
  quarantined: 'waits',
  duplicate: 'normal',
  refused: 'wrong',
}
const receiptTones: Record<SlotFile['receipt'], Tone> = {
  none: 'none',
  provisional: 'waits',
  witnessed: 'proven',
  wrong: 'wrong',
}

function sentPart(file: SlotFile, { slot }: Words) {
  if (file.read === 'failed') return <Status tone="wrong">{slot.readWords.failed}</Status>
  if (file.sent >= 100) return <Status tone="normal">100 %</Status>
  if (file.sent > 0 || file.read === 'running') return <Status tone="running">{file.sent} %</Status>
  return <Status tone="none">{slot.readWords[file.read]}</Status>
}

function receiptText({ receipt, receiptReason }: SlotFile, words: Words): string {
  if (receipt !== 'none' || receiptReason === null) return words.receipt[receipt]
  return Object.hasOwn(words.receiptReason, receiptReason) ? words.receiptReason[receiptReason]! : words.receipt.none
}
