import { event, run, type Tampering } from './tampering.ts'

/** What can be changed in events, leaves, links, tiles and checkpoints, and what is said of it. */
export const ledgerTamperings: Record<string, Tampering> = {
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
}
