/** What `PRAGMA user_version` says of a spool with these tables. A spool of a later version is not opened. */
export const spoolVersion = 7

/** The tables, by the version that brought them. A version that was ever installed is never changed. */
export const spoolVersions: readonly string[] = [
  `
create table hand_in (
  id text primary key,
  serial text not null,
  opened_ms integer not null,
  files_root text not null,
  list text not null,
  state text not null,
  server_id text,
  refusal text,
  picked_up_ms integer
) strict;
create index hand_in_serial on hand_in (serial);

create table file (
  hand_in text not null references hand_in (id),
  number integer not null,
  path blob not null,
  name blob not null,
  bytes integer not null,
  modified_ms integer,
  device_time text,
  running_number integer,
  mark integer not null,
  home_hand_in text,
  home_number integer,
  reading text not null,
  sha256 text,
  sm3 text,
  kept_copy text,
  upload_id text,
  sent_bytes integer not null,
  sending text not null,
  refusal text,
  receipt text not null,
  receipt_reason text,
  receipt_index integer,
  receipt_ms integer,
  cleared text not null,
  primary key (hand_in, number)
) strict, without rowid;

create table receipt (
  hand_in text not null,
  number integer not null,
  text text not null,
  primary key (hand_in, number)
) strict, without rowid;

create table post (
  sequence integer primary key autoincrement,
  hand_in text,
  path text not null,
  body text not null,
  state text not null,
  refusal text
) strict;
create index post_waiting on post (sequence) where state = 'waiting';

create table gap (
  id text primary key,
  hand_in text not null,
  found text not null,
  explained text
) strict;

create table statement (
  id text primary key,
  hand_in text not null,
  said text not null
) strict;

create table clearing (
  id text primary key,
  hand_in text not null,
  state text not null,
  server_id text,
  begun_ms integer not null
) strict;

create table clearing_file (
  clearing text not null references clearing (id),
  number integer not null,
  sha256 text not null,
  basis text not null,
  receipt_index integer not null,
  outcome text not null,
  primary key (clearing, number)
) strict, without rowid;

create table volume (
  uuid text primary key,
  answer text not null,
  serial text
) strict;

create table docking (
  serial text primary key,
  is_kept integer not null,
  left_ms integer
) strict;

create table fact (
  name text primary key,
  text text not null
) strict, without rowid;
`,
  `
alter table file add column read_ms integer;
update file set read_ms = (select opened_ms from hand_in where hand_in.id = file.hand_in) where reading = 'done';
`,
  `
create table kept_card (
  hand_in text primary key,
  said text not null
) strict, without rowid;
`,
  `
create table lifted (
  serial text primary key,
  left_ms integer,
  said text not null
) strict, without rowid;
alter table docking add column slot integer;
`,
  `
alter table hand_in add column medium text;
`,
  `
alter table clearing add column asked_by text;
`,
  `
create table handed_over (
  sequence integer primary key autoincrement,
  at_ms integer not null,
  person text,
  serial text,
  files integer not null,
  result text not null
) strict;
create index handed_over_at on handed_over (at_ms);
`,
]
