import { run, type Tampering } from './tampering.ts'

/** What can be changed in the rows that the events are about, and what is said of it. */
export const rowTamperings: Record<string, Tampering> = {
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
  'an inventory is deleted': {
    change: run(() => 'delete from recording_inventory'),
    fsck: () => ['rows.row_missing recording_inventory'],
  },
  "an inventory's digest is changed": {
    change: run(() => 'update recording_inventory set sha256 = sha256(sha256)'),
    fsck: () => ['rows.row_differs recording_inventory'],
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
  "a device's model is changed": {
    change: run(() => `update device set model = 'another'`),
    fsck: () => ['rows.row_differs device ZF00001'],
    chain: () => [],
  },
  "a dock's name is changed": {
    change: run(() => `update dock set name = 'another'`),
    fsck: () => ['rows.row_differs dock'],
    chain: () => [],
  },
  'a copy is said to lie on another host': {
    change: run(
      ({ recordingId }) =>
        `update copy set host_name = 'x' where recording_id = '${recordingId}' and store = 'backup-b'`,
    ),
    fsck: ({ recordingId }) => [`rows.row_differs copy ${recordingId}/backup-b`],
  },
  "a dock's key is changed": {
    change: run(() => `update dock set public_key = sha256(public_key)`),
    fsck: () => ['rows.row_differs dock'],
    chain: () => [],
  },
  "a dock's list is changed": {
    change: run(
      () => `update hand_in set head = head || ' '::bytea where id = (select min(id::text)::uuid from hand_in)`,
    ),
    fsck: () => ['rows.row_differs hand_in'],
    chain: () => [],
  },
  "a line of a dock's list is deleted": {
    change: run(() => 'delete from hand_in_file where bytes = 1000'),
    fsck: () => ['rows.row_differs hand_in', 'rows.row_missing hand_in_file'],
    chain: () => [],
  },
  "a line of a dock's list gets another number": {
    change: run(() => 'update hand_in_file set number = number + 7 where bytes = 1000'),
    fsck: () => ['rows.row_differs hand_in', 'rows.row_missing hand_in_file', 'rows.row_without_event hand_in_file'],
    chain: () => [],
  },
  "a file of a dock's list is said to have come by another upload": {
    change: run(
      () =>
        `update hand_in_file set upload_id = (select min(id::text)::uuid from upload where bytes <> 1000) where bytes = 1000`,
    ),
    fsck: () => ['rows.row_differs hand_in_file'],
    chain: () => [],
  },
  'an upload is said to have expired': {
    change: run(({ strangerId }) => `update upload set state = 'expired' where recording_id = '${strangerId}'`),
    fsck: () => ['rows.row_differs upload'],
    chain: () => [],
  },
}
