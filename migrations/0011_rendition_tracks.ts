import { type Kysely, sql } from 'kysely'

/**
 * A rendition has a track for each picture and sound that can be watched by itself; 0 is the main one. A preview shows the
 * first minute until the rendition is ready, or is withdrawn when the original turns out not to be the sealed bytes; a film
 * that two people supplied takes the place of what could not be played.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table rendition_file add column track int not null default 0 check (track between 0 and 63);
    alter table rendition_file drop constraint rendition_file_pkey;
    alter table rendition_file add primary key (rendition_id, track, kind, number);
    alter table viewing_served add column track int not null default 0;

    create table rendition_track (
      rendition_id uuid not null references rendition,
      track        int not null check (track between 0 and 63),
      kind         text not null check (kind in ('video', 'audio', 'still')),
      streams      int[] not null,
      channels     int[],
      codecs       text,
      duration_ms  bigint,
      primary key (rendition_id, track)
    );

    insert into rendition_track (rendition_id, track, kind, streams, codecs, duration_ms)
      select id, 0, kind, '{0}', codecs, duration_ms from rendition where kind is not null;
    -- What was found in the original is its inventory; codings are the tracks'.
    alter table rendition drop column codecs, drop column probe;
    alter table rendition add column ready_event_id uuid references event;
    alter table rendition drop constraint rendition_state_check;
    alter table rendition add constraint rendition_state_check check (state in
      ('running', 'ready', 'not_playable', 'abandoned', 'preview', 'preview_ended', 'withdrawn', 'superseded'));
    alter table rendition drop constraint rendition_method_check;
    alter table rendition add constraint rendition_method_check check (method in
      ('remux', 'transcode_sound', 'transcode', 'copy', 'supplied'));
    create unique index one_preview on rendition (recording_id) where state = 'preview';

    grant select on rendition_track to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert, update (codecs, duration_ms) on rendition_track to custody_worker;
  `.execute(db)
}
