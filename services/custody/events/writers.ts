import type { AlarmWord } from './alarms.ts'
import type { EventKind } from './kinds.ts'

/** Logins of the database that write events: `custody_ingest` and so on. The sequencer writes none. */
export const writerRoles = ['ingest', 'access', 'worker', 'owner'] as const
export type WriterRole = (typeof writerRoles)[number]

/** Who an event may say acted: a person (of any role), a dock, nobody who is known, or one part of the system by its name. */
export type ActorWord = 'person' | 'dock' | 'nobody' | `service:${string}`

/** Which login may write a kind of event, and in whose name. */
export type Writers = Readonly<Partial<Record<WriterRole, readonly ActorWord[]>>>

const person = { access: ['person'] } as const satisfies Writers
const dock = { ingest: ['dock'] } as const satisfies Writers
const ingest = { ingest: ['service:ingest'] } as const satisfies Writers
const transcode = { worker: ['service:transcode'] } as const satisfies Writers
const packaging = { worker: ['service:package'] } as const satisfies Writers
const readsOriginals = {
  worker: ['service:checksum', 'service:copy', 'service:transcode', 'service:package'],
} as const satisfies Writers
const fullCheck = { worker: ['service:nightly'], owner: ['service:custody'] } as const satisfies Writers
const setup = { owner: ['service:setup'] } as const satisfies Writers

/**
 * Who writes each kind of event. PostgreSQL enforces it: migrations fill the table `event_writer` with these lines, a
 * trigger on `event` refuses everything else, and a test compares the table with this list. What the owner's login writes
 * is what the commands of `custody` write that run on the database.
 */
export const eventWriters: Readonly<Record<Exclude<EventKind, 'alarm.raised'>, Writers>> = {
  'ledger.setup': setup,
  'chain.read': person,
  'proof.read': person,
  'timestamp.requested': { ...person, worker: ['service:timestamp'] },
  'courier.exported': person,
  'courier.imported': person,
  'fsck.started': fullCheck,
  'fsck.completed': fullCheck,
  'person.created': { ...person, owner: ['service:setup', 'service:recovery'] },
  'person.disabled': { ...person, owner: ['service:recovery'] },
  'person.released': person,
  'person.release_stopped': person,
  'person.opened': person,
  'person.shut_asked': person,
  'person.shut_refused': person,
  'person.password_changed': person,
  'person.password_reset': person,
  'session.opened': person,
  'session.refused': { access: ['person', 'nobody'], worker: ['nobody'] },
  'session.locked_out': person,
  'session.ended': person,
  'bureau.recovered': { owner: ['service:recovery'] },
  'access.refused': { ...person, ingest: ['dock'] },
  'spare.sealed': person,
  'spare.placed': person,
  'spare.confirmed': person,
  'spare.opening_asked': person,
  'spare.opened': person,
  'custodian.appointed': setup,
  'custodian.handover_proposed': person,
  'custodian.handover_signed': person,
  'custodian.handover_withdrawn': person,
  'custodian.handed_over': person,
  'deputyship.named': person,
  'deputyship.signed': person,
  'deputyship.refused': person,
  'deputyship.ended': person,
  'notice.seen': person,
  'device.registered': { ...person, ...setup },
  'device.changed': person,
  'device.keeper_asked': person,
  'device.keeper_changed': person,
  'device.keeper_refused': person,
  'device.act_asked': person,
  'device.act_refused': person,
  'station.device_checked': dock,
  'station.device_taken': dock,
  'station.device_kept': dock,
  'station.emergency_taking': dock,
  'station.clock_set': dock,
  'station.device_unlocked': dock,
  'station.volume_stated': dock,
  'device.card_kept': dock,
  'dock.enrolment_made': person,
  'station.enrolment_refused': { ingest: ['nobody'] },
  // Of a dock that enrolled itself: in the name of whoever made its code, which a trigger of its own checks.
  'dock.registered': { ...person, ...setup, ingest: ['person'] },
  'dock.released': person,
  'dock.revoked': person,
  'hand_in.opened': dock,
  'hand_in.said': dock,
  'hand_in.correction_asked': person,
  'hand_in.corrected': person,
  'hand_in.correction_refused': person,
  'gap.found': { ingest: ['dock'], worker: ['service:expire'] },
  'gap.explained': { ...person, ingest: ['dock'] },
  'gap.confirmed': person,
  'gap.accepted': person,
  'gap.returned': person,
  'gap.withdrawn': { worker: ['service:expire'] },
  'roster.entered': person,
  'roster.withdrawn': person,
  'dock_pass.given': person,
  'dock_pass.released': person,
  'dock_pass.taken_back': person,
  'identity.shown': dock,
  'identity.refused': dock,
  'identity.limit_lifted': person,
  'upload.created': { ingest: ['dock', 'service:ingest'] },
  'upload.refused': dock,
  'upload.terminated': { ingest: ['dock', 'service:ingest'] },
  'upload.expired': { worker: ['service:expire'] },
  'recording.sealed': ingest,
  'recording.quarantined': ingest,
  'recording.duplicate': ingest,
  'recording.verified': { worker: ['service:checksum'] },
  'recording.read_again': { worker: ['service:checksum'] },
  'recording.copied': { worker: ['service:copy'] },
  'recording.secured': { worker: ['service:custody'] },
  'recording.damaged': readsOriginals,
  'recording.inventoried': transcode,
  'quarantine.proposed': person,
  'quarantine.resolved': person,
  'receipt.issued': { worker: ['service:receipt'] },
  'clearing.announced': dock,
  'recording.cleared': dock,
  'recording.not_cleared': { ...dock, ...person },
  'clearing.ended': dock,
  'clearing.giving_up_asked': person,
  'clearing.given_up': person,
  'clearing.giving_up_refused': person,
  'rendition.published': transcode,
  'rendition.ready': transcode,
  'rendition.not_playable': transcode,
  'rendition.preview_published': transcode,
  'rendition.preview_ended': transcode,
  'rendition.supply_proposed': person,
  'rendition.supplied': person,
  'rendition.supply_refused': person,
  'rendition.supply_failed': transcode,
  'party.created': person,
  'case.opened': person,
  'recording.attached': person,
  'recording.detached': person,
  'viewing.opened': person,
  'viewing.refused': person,
  'viewing.renewed': person,
  'viewing.ended': { ...person, worker: ['service:expire'] },
  'setting.proposed': person,
  'setting.changed': person,
  'setting.refused': person,
  'setting.withdrawn': person,
  'signature.third_added': person,
  'signature.third_confirmed': person,
  'signature.third_refused': person,
  'package.requested': person,
  'package.signed': person,
  'package.refused': person,
  'package.contents': packaging,
  'package.built': packaging,
  'package.failed': packaging,
  'package.downloaded': person,
  'package.download_ended': { ...person, worker: ['service:expire'] },
  'package.expired': packaging,
}

const archive = { worker: ['service:archive'] } as const satisfies Writers
const reconcile = { worker: ['service:reconcile'] } as const satisfies Writers
const nightly = { worker: ['service:nightly'] } as const satisfies Writers

/** Who raises each alarm: all are of the kind `alarm.raised`, so the trigger looks at the alarm's word too. */
export const alarmWriters: Readonly<Record<AlarmWord, Writers>> = {
  rendition_bytes_differ: { ...person, ...packaging },
  rendition_row_differs: person,
  preview_differs: transcode,
  supplied_film_differs: transcode,
  copy_damaged: readsOriginals,
  parts_lost: ingest,
  timestamp_missing: { worker: ['service:timestamp'] },
  witness_disagrees: { worker: ['service:witness'], access: ['service:witness'] },
  ledger_copy_differs: archive,
  ledger_older_than_store: archive,
  event_differs: archive,
  locks_do_not_hold: { worker: ['service:canary'] },
  audit_silent: reconcile,
  unexplained_read: reconcile,
  unexplained_reads_many: reconcile,
  fsck_error: nightly,
  fsck_errors_many: nightly,
}

/** A row of the table `event_writer`. `alarm` is '' but for alarms. */
export interface WriterRow {
  readonly kind: string
  readonly alarm: string
  readonly role: string
  readonly actor: string
}

/** Every row that the table must have. */
export function writerRows(): WriterRow[] {
  return [
    ...Object.entries(eventWriters).flatMap(([kind, writers]) => rowsOf(kind, '', writers)),
    ...Object.entries(alarmWriters).flatMap(([alarm, writers]) => rowsOf('alarm.raised', alarm, writers)),
  ]
}

function rowsOf(kind: string, alarm: string, writers: Writers): WriterRow[] {
  return writerRoles.flatMap((role) =>
    (writers[role] ?? []).map((actor) => ({ kind, alarm, role: `custody_${role}`, actor })),
  )
}
