import { sql } from 'kysely'
import t from 'tap'
import type { Trx } from '../../../services/foundation/db/database.ts'
import { openTamperedWorld, type TamperedWorld } from './tampered-world.ts'

/** What is tampered with in all cases: the case's first recording and the two events of its first verification. */
interface Target {
  readonly recordingId: string
  readonly strangerId: string
  /** recording.verified of that recording. */
  readonly event: { readonly id: string; readonly index: number }
  /** recording.copied of it. */
  readonly other: { readonly id: string; readonly index: number }
  readonly filler: { readonly id: string; readonly index: number }
  readonly size: number
  readonly attachedKey: string
}

interface Tampering {
  readonly change: (trx: Trx, target: Target) => Promise<unknown>
  readonly fsck: (target: Target) => string[]
  /** What the case's chain says; the same as fsck when absent. */
  readonly chain?: (target: Target) => string[]
}

const run = (text: (target: Target) => string) => (trx: Trx, target: Target) => sql.raw(text(target)).execute(trx)
const event = ({ event }: Target) => `event ${event.id}`

const tamperings: Record<string, Tampering> = {
  'the body of an event is changed': {
    change: run(
      ({ event }) =>
        `update event set body = replace(body, '"store":"primary"', '"store":"backup-a"') where id = '${event.id}'`,
    ),
    fsck: (target) => [`tree.body_differs ${event(target)}`],
  },
  'the salt of an event is changed': {
    change: run(({ event }) => `update event set salt = sha256(salt) where id = '${event.id}'`),
    fsck: (target) => [`tree.body_differs ${event(target)}`],
  },
  'the body of an event is no JSON any more': {
    change: run(({ event }) => `update event set body = 'x' where id = '${event.id}'`),
    fsck: (target) => [`tree.body_differs ${event(target)}`],
  },
  'a column beside the body is changed': {
    change: run(({ event }) => `update event set kind = 'recording.damaged' where id = '${event.id}'`),
    fsck: (target) => [`tree.columns_differ ${event(target)}`],
  },
  'the time of an event is changed': {
    change: run(({ event }) => `update event set at = at + interval '1 hour' where id = '${event.id}'`),
    fsck: (target) => [`tree.columns_differ ${event(target)}`],
  },
  'the subjects of an event are changed': {
    change: run(({ event }) => `update event set subjects = '{device:x}' where id = '${event.id}'`),
    fsck: (target) => [`tree.columns_differ ${event(target)}`],
  },
  'the commitment of an event is changed': {
    change: run(({ event }) => `update event set commitment = sha256(commitment) where id = '${event.id}'`),
    fsck: (target) => [`tree.columns_differ ${event(target)}`],
  },
  'an event is deleted': {
    change: run(({ event }) => `delete from event where id = '${event.id}'`),
    fsck: ({ event }) => [`tree.event_missing leaf ${event.index}`],
  },
  'an event is deleted with its leaf': {
    change: run(
      ({ event }) => `delete from event where id = '${event.id}'; delete from leaf where event_id = '${event.id}'`,
    ),
    fsck: ({ event }) => [`tree.leaf_missing leaf ${event.index}`],
  },
  'an event is inserted with a leaf index that is not there': {
    change: run(
      ({ event }) => `insert into event (id, kind, at, body, salt, commitment, subjects, leaf_index)
        select gen_random_uuid(), kind, at, body, salt, commitment, subjects, 100000 from event where id = '${event.id}'`,
    ),
    fsck: () => ['tree.event_extra'],
  },
  'two events swap their index': {
    change: run(
      ({ event, other }) => `update event set leaf_index = null where id = '${event.id}';
        update event set leaf_index = ${event.index} where id = '${other.id}';
        update event set leaf_index = ${other.index} where id = '${event.id}'`,
    ),
    fsck: ({ event, other }) => [`tree.index_differs event ${event.id}`, `tree.index_differs event ${other.id}`].sort(),
  },
  'two events swap body and salt': {
    change: run(
      ({ event, other }) => `update event set (body, salt, commitment) =
        (select body, salt, commitment from event other where other.id =
          case event.id when '${event.id}' then '${other.id}'::uuid else '${event.id}'::uuid end)
        where id in ('${event.id}', '${other.id}')`,
    ),
    fsck: ({ event, other }) => [`tree.body_differs event ${event.id}`, `tree.body_differs event ${other.id}`].sort(),
  },
  "a leaf's data is changed": {
    change: run(
      ({ event }) =>
        `update leaf set data = set_byte(data, 20, 48 + (get_byte(data, 20) - 47) % 10) where index = ${event.index}`,
    ),
    fsck: ({ event }) => [`tree.leaf_differs leaf ${event.index}`],
  },
  "a leaf's data and hash are changed": {
    change: run(
      ({
        event,
      }) => `update leaf set data = set_byte(data, 20, 48 + (get_byte(data, 20) - 47) % 10) where index = ${event.index};
        update leaf set hash = sha256('\\x00'::bytea || data) where index = ${event.index}`,
    ),
    fsck: ({ event }) => [`tree.leaf_differs leaf ${event.index}`],
  },
  "a leaf's hash is changed": {
    change: run(({ event }) => `update leaf set hash = sha256(hash) where index = ${event.index}`),
    fsck: ({ event }) => [`tree.leaf_hash_differs leaf ${event.index}`],
  },
  'a leaf is deleted': {
    change: run(({ event }) => `delete from leaf where index = ${event.index}`),
    fsck: ({ event }) => [`tree.leaf_missing leaf ${event.index}`],
  },
  'two leaves are swapped': {
    change: run(
      ({ event, other }) => `update leaf set index = 1000000 where index = ${event.index};
        update leaf set index = ${event.index} where index = ${other.index};
        update leaf set index = ${other.index} where index = 1000000`,
    ),
    fsck: ({ event, other }) =>
      [`tree.leaf_differs leaf ${event.index}`, `tree.leaf_differs leaf ${other.index}`].sort(),
  },
  'a link is deleted': {
    change: run(
      ({ event, recordingId }) =>
        `delete from link where event_id = '${event.id}' and subject = 'recording:${recordingId}'`,
    ),
    fsck: (target) => [`tree.link_missing ${event(target)}`],
  },
  'a link is changed': {
    change: run(
      ({ event, recordingId }) =>
        `update link set n = 99 where event_id = '${event.id}' and subject = 'recording:${recordingId}'`,
    ),
    fsck: (target) => [`tree.link_differs ${event(target)}`],
  },
  'a link names another leaf': {
    change: run(
      ({ event, recordingId }) =>
        `update link set leaf_index = 0 where event_id = '${event.id}' and subject = 'recording:${recordingId}'`,
    ),
    fsck: (target) => [`tree.link_differs ${event(target)}`],
  },
  'a link is inserted': {
    change: run(
      ({
        event,
        recordingId,
      }) => `insert into link select 'recording:${recordingId}', 99, '00000000-0000-7000-8000-000000000000', 3
        from event where id = '${event.id}'`,
    ),
    fsck: ({ recordingId }) => [`tree.link_extra recording:${recordingId}`],
  },
  "a subject's secret is changed": {
    change: run(
      ({ recordingId }) =>
        `update subject_secret set secret = sha512(secret) where subject = 'recording:${recordingId}'`,
    ),
    fsck: ({ recordingId }) => [`tree.secret_differs recording:${recordingId}`],
  },
  "a subject's secret is deleted": {
    change: run(({ recordingId }) => `delete from subject_secret where subject = 'recording:${recordingId}'`),
    fsck: ({ recordingId }) => [`tree.secret_missing recording:${recordingId}`],
  },
  'a tile is changed at an event of the case': {
    change: run(
      ({ event }) =>
        `update tile set hashes = set_byte(hashes, ${event.index * 32}, 255 - get_byte(hashes, ${event.index * 32})) where level = 0 and index = 0`,
    ),
    fsck: () => ['tree.tile_differs tile/0/000'],
  },
  'a tile is changed at an event of nobody': {
    change: run(
      ({ filler }) =>
        `update tile set hashes = set_byte(hashes, ${filler.index * 32}, 255 - get_byte(hashes, ${filler.index * 32})) where level = 0 and index = 0`,
    ),
    fsck: () => ['tree.tile_differs tile/0/000'],
  },
  'the last tile is cut': {
    change: run(
      () => `update tile set hashes = substr(hashes, 1, octet_length(hashes) - 32) where level = 0 and index = 1`,
    ),
    fsck: () => ['tree.tile_differs tile/0/001'],
    chain: () => ['tree.tile_missing tile/0/001'],
  },
  'a tile is deleted': {
    change: run(() => `delete from tile where level = 0 and index = 0`),
    fsck: () => ['tree.tile_missing tile/0/000'],
  },
  'an upper tile is changed': {
    change: run(() => `update tile set hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) where level = 1`),
    fsck: () => ['tree.tile_differs tile/1/000'],
    // Of the case's leaves none needs it: they lie below the hash that it holds.
    chain: () => [],
  },
  'an upper tile is deleted': {
    change: run(() => 'delete from tile where level = 1'),
    fsck: () => ['tree.tile_missing tile/1/000'],
    chain: () => [],
  },
  'a tile is inserted': {
    change: run(() => `insert into tile select 0, 700, hashes from tile where level = 0 and index = 0`),
    fsck: () => ['tree.tile_extra tile/0/700'],
    chain: () => [],
  },
  'the root beside the newest checkpoint is changed': {
    change: run(({ size }) => `update checkpoint set root = sha256(root) where size = ${size}`),
    fsck: ({ size }) => [`tree.checkpoint_differs checkpoint ${size}`],
  },
  'the note of the newest checkpoint is changed': {
    change: run(
      ({ size }) =>
        `update checkpoint set note = replace(note, E'\\n${size}\\n', E'\\n${size - 1}\\n') where size = ${size}`,
    ),
    fsck: ({ size }) => [`tree.checkpoint_signature checkpoint ${size}`],
  },
  'the newest checkpoint is no note any more': {
    change: run(({ size }) => `update checkpoint set note = 'x' where size = ${size}`),
    fsck: ({ size }) => [`tree.checkpoint_malformed checkpoint ${size}`],
  },
  'the newest checkpoint is deleted': {
    change: run(({ size }) => `delete from checkpoint where size = ${size}`),
    fsck: ({ size }) => [`tree.checkpoint_missing checkpoint ${size}`],
  },
  "a recording's digest is changed": {
    change: run(({ recordingId }) => `update recording set sm3 = sha256(sm3) where id = '${recordingId}'`),
    fsck: ({ recordingId }) => [`rows.row_differs recording ${recordingId}`],
  },
  'a recording is deleted': {
    change: run(({ recordingId }) => `delete from recording where id = '${recordingId}'`),
    fsck: ({ recordingId }) => [`rows.row_missing recording ${recordingId}`],
  },
  'a recording is inserted': {
    change: run(
      ({ strangerId }) => `insert into recording
        select (jsonb_populate_record(null::recording, to_jsonb(recording) || '{"id": "00000000-0000-7000-8000-000000000000", "device_serial": "X"}')).*
        from recording where id = '${strangerId}'`,
    ),
    fsck: () => ['rows.row_without_event recording 00000000-0000-7000-8000-000000000000'],
    chain: () => [],
  },
  'a copy is deleted': {
    change: run(({ recordingId }) => `delete from copy where recording_id = '${recordingId}' and store = 'backup-a'`),
    fsck: ({ recordingId }) => [`rows.row_missing copy ${recordingId}/backup-a`],
  },
  'a copy is said to be verified later': {
    change: run(
      ({ recordingId }) =>
        `update copy set verified_at = now() where recording_id = '${recordingId}' and store = 'backup-a'`,
    ),
    fsck: ({ recordingId }) => [`rows.row_differs copy ${recordingId}/backup-a`],
  },
  'a recording is taken out of its case without a trace': {
    change: run(({ recordingId }) => `delete from case_recording where recording_id = '${recordingId}'`),
    fsck: ({ attachedKey }) => [`rows.row_missing case_recording ${attachedKey}`],
  },
  "a recording's rendition is said to be another": {
    change: run(
      ({ recordingId }) =>
        `update rendition set input_sha256 = sha256(input_sha256) where recording_id = '${recordingId}'`,
    ),
    fsck: () => ['rows.row_differs rendition'],
  },
  "a segment's digest is changed": {
    change: run(() => 'update rendition_file set sha256 = sha256(sha256) where number = 1'),
    fsck: () => ['rows.row_differs rendition_file'],
  },
  'a segment is deleted': {
    change: run(() => 'delete from rendition_file where number = 1'),
    fsck: () => ['rows.row_missing rendition_file'],
  },
  'a viewing is deleted with all of it': {
    change: run(() => 'delete from viewing; delete from viewing_grant; delete from viewing_served'),
    fsck: () => ['rows.row_missing viewing'],
  },
  "a viewing's purpose is changed": {
    change: run(() => `update viewing set purpose = 'x'`),
    fsck: () => ['rows.row_differs viewing'],
  },
  'a viewing is laid to another': {
    change: run(() => `update viewing set person_id = (select id from person where account = 'lisi')`),
    fsck: () => ['rows.row_differs viewing'],
  },
  'what was served is deleted': {
    change: run(() => 'delete from viewing_served'),
    fsck: () => ['rows.row_differs viewing'],
  },
  'a grant of film is made longer': {
    change: run(() => 'update viewing_grant set to_ms = to_ms + 60000 where number = 1'),
    fsck: () => ['rows.row_differs viewing_grant'],
  },
  "a recording's stage is changed": {
    change: run(
      ({ recordingId }) => `update case_recording set stage = 'decision' where recording_id = '${recordingId}'`,
    ),
    fsck: ({ attachedKey }) => [`rows.row_differs case_recording ${attachedKey}`],
  },
  'the case is given another party': {
    change: run(() => `update case_file set title = 'x'`),
    fsck: () => ['rows.row_differs case_file 镇综执检〔2026〕17号'],
  },
  'an officer is made custodian': {
    change: run(() => `update person set role = 'custodian' where account = 'lisi'`),
    fsck: () => ['rows.row_differs person'],
    chain: () => [],
  },
  "the custodian's term is moved to another": {
    change: run(() => `update custodian_term set person_id = (select id from person where account = 'lisi')`),
    fsck: () => ['rows.row_missing custodian_term', 'rows.row_without_event custodian_term'],
    chain: () => [],
  },
  'a device is retired without a trace': {
    change: run(() => `update device set state = 'retired'`),
    fsck: () => ['rows.row_differs device ZF00001'],
    chain: () => [],
  },
  "a dock's key is changed": {
    change: run(() => `update dock set public_key = sha256(public_key)`),
    fsck: () => ['rows.row_differs dock'],
    chain: () => [],
  },
  "a dock's list is changed": {
    change: run(
      () => `update hand_in set list = list || ' '::bytea where id = (select min(id::text)::uuid from hand_in)`,
    ),
    fsck: () => ['rows.row_differs hand_in'],
    chain: () => [],
  },
  "a line of a dock's list is deleted": {
    change: run(() => 'delete from hand_in_file where bytes = 1000'),
    fsck: () => ['rows.row_differs hand_in'],
    chain: () => [],
  },
  'an upload is said to have expired': {
    change: run(({ strangerId }) => `update upload set state = 'expired' where recording_id = '${strangerId}'`),
    fsck: () => ['rows.row_differs upload'],
    chain: () => [],
  },
}

t.setTimeout(240_000)

t.test('a world that nobody tampered with has no findings', async (t) => {
  const tampered = await openTamperedWorld(t)
  t.same(await tampered.check(tampered.world.db, { stores: true, objects: true }), { fsck: [], chain: [] })
  const target = await targetOf(tampered)
  for (const [name, { change, fsck, chain = fsck }] of Object.entries(tamperings)) {
    await t.test(`${name}: fsck and chain say exactly that`, async (t) => {
      const found = await tampered.tamper((trx) => change(trx, target))
      t.same(shortened(found.fsck, fsck(target)), fsck(target), 'fsck')
      t.same(shortened(found.chain, chain(target)), chain(target), 'chain')
    })
  }
  t.same(await tampered.check(tampered.world.db), { fsck: [], chain: [] }, 'each was taken back')
})

/** Where an expectation names only the kind of thing, its id does not count. */
function shortened(found: string[], expected: string[]): string[] {
  return found.map((text) => expected.find((one) => text === one || text.startsWith(`${one} `)) ?? text)
}

async function targetOf({ world, populated }: TamperedWorld): Promise<Target> {
  const recordingId = populated.recordingIds[0]!
  const eventOf = async (kind: string, subject: string) => {
    const { rows } = await sql<{ id: string; index: number }>`
      select id, leaf_index as index from event where kind = ${kind} and subjects @> array[${subject}] order by leaf_index
      limit 1`.execute(world.db)
    return rows[0]!
  }
  const attached = await world.db
    .selectFrom('case_recording')
    .where('recording_id', '=', recordingId)
    .select('attached_at')
    .executeTakeFirstOrThrow()
  const { size } = await world.db
    .selectFrom('checkpoint')
    .select((select) => select.fn.max('size').as('size'))
    .executeTakeFirstOrThrow()
  return {
    recordingId,
    strangerId: populated.strangerId,
    event: await eventOf('recording.verified', `recording:${recordingId}`),
    other: await eventOf('recording.copied', `recording:${recordingId}`),
    filler: await eventOf('access.refused', 'dock:filler-0'),
    size,
    attachedKey: `${recordingId}/${populated.caseNumber}/${attached.attached_at.toISOString()}`,
  }
}
