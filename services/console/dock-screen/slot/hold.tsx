import { HostileText } from '../../parts/hostile-text.tsx'
import { isOut } from '../card-view.ts'
import { useSurroundings } from '../context.ts'
import type { PickUp as PickUpBody, SlotCard, SlotDetail } from '../types.ts'
import { useWords, type Words } from '../words.ts'
import type { Acts } from './use-detail.ts'

const working = new Set(['reading', 'uploading', 'checking', 'copying'])
const gone = new Set(['pulled_out', 'unknown_volume', 'card_to_seal'])

/** The slip, and what becomes of the files on the device. */
export function Hold({ detail, card, acts }: { detail: SlotDetail; card: SlotCard; acts: Acts }) {
  const { act } = useWords()
  const { client, settings } = useSurroundings()
  const { slot, files } = card
  const isLeft = files.cleared < files.total && detail.handInId !== null && !isOut(card)
  const print = { done: act.printed, failed: { not_ready: act.notPrinted } }
  const mayKeep = isLeft && !detail.isKeptThisTime && ['clear', 'ask'].includes(detail.policy)
  const mayClear = isLeft && !detail.isKeptThisTime && detail.policy === 'ask' && files.receipts === files.total
  return (
    <div className="hold">
      {settings.printer && detail.handInId !== null && (
        <button type="button" disabled={acts.isRunning} onClick={() => acts.run(() => client.print(slot), print)}>
          {act.print}
        </button>
      )}
      {mayKeep && (
        <button type="button" disabled={acts.isRunning} onClick={() => acts.run(() => client.keep(slot))}>
          {act.keep}
        </button>
      )}
      {mayClear && (
        <button
          type="button"
          className="primary"
          disabled={acts.isRunning}
          onClick={() => acts.run(() => client.clear(slot))}
        >
          {act.clear}
        </button>
      )}
      {detail.handInId !== null && (
        <p className="policy">
          <HostileText text={policyText(detail, act)} />
        </p>
      )}
    </div>
  )
}

function policyText({ isKeptThisTime, keptCard, policy }: SlotDetail, act: Words['act']): string {
  if (isKeptThisTime) return act.keptThisTime
  return keptCard ? act.sealed(keptCard.sealNumber, keptCard.keeper, keptCard.place) : act.policy[policy]
}

/**
 * Taking a device along before everything is done: one touch here, with why. What only the device can still give follows at any
 * dock; what was read and kept goes on without it. `isKept`: its card is sealed, and nobody takes that along.
 */
export function PickUp(props: { card: SlotCard; isKept: boolean; personId: string | null; acts: Acts }) {
  const { act } = useWords()
  const { client } = useSurroundings()
  const { card, isKept, personId, acts } = props
  const { slot, files, attention } = card
  if (card.isPickedUp) return <p className="picked-up tone-waits">{act.pickedUp(files.onDevice)}</p>
  const isWorking = working.has(card.word) || (card.word === 'attention' && !gone.has(attention?.word ?? ''))
  if (!isWorking || files.receipts === files.total || isKept) return null
  const reasons = Object.entries(act.pickUpReasons) as [PickUpBody['reason'], string][]
  return (
    <div className="pick-up">
      <p>
        <b>{act.pickUp}</b>
        <small>{act.pickUpSays(files.onDevice)}</small>
      </p>
      {reasons.map(([reason, text]) => (
        <button
          key={reason}
          type="button"
          disabled={acts.isRunning}
          onClick={() => acts.run(() => client.pickUp(slot, { personId, reason }))}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
