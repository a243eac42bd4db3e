import { type Kysely, sql } from 'kysely'

/** Custody events and the tree over them. Events are only ever inserted; the sequencer sets the leaf index once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table event (
      id           uuid primary key,
      kind         text not null check (kind ~ '^[a-z_]+\\.[a-z_]+$'),
      at           timestamptz not null,
      body         text not null,
      salt         bytea not null check (octet_length(salt) = 32),
      commitment   bytea not null check (octet_length(commitment) = 32),
      -- One to eight names that fit into an index: what the sequencer could not place would stop it for everybody.
      subjects     text[] not null check (cardinality(subjects) between 1 and 8 and array_ndims(subjects) = 1
                     and array_position(subjects, null) is null
                     and octet_length(array_to_string(subjects, '')) <= 2000),
      committed_at timestamptz not null default clock_timestamp(),
      leaf_index   bigint unique check (leaf_index >= 0)
    );
    create index event_without_leaf on event (committed_at, id) where leaf_index is null;
    create index event_subjects on event using gin (subjects);

    create table leaf (
      index    bigint primary key check (index >= 0),
      event_id uuid not null unique references event,
      data     bytea not null,
      hash     bytea not null check (octet_length(hash) = 32)
    );
    create table link (
      subject    text not null,
      n          bigint not null check (n >= 1),
      event_id   uuid not null references event,
      leaf_index bigint not null,
      primary key (subject, n)
    );
    create index link_event on link (event_id);
    create table subject_secret (
      subject text primary key,
      secret  bytea not null,
      proof   bytea not null
    );
    create table tile (
      level  int not null check (level between 0 and 63),
      index  bigint not null check (index >= 0),
      hashes bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
      primary key (level, index)
    );
    create table checkpoint (
      size bigint primary key check (size >= 0),
      root bytea not null check (octet_length(root) = 32),
      note text not null,
      at   timestamptz not null
    );

    create function refuse_history_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and tg_table_name = 'event' then
        if old.leaf_index is null and new.leaf_index is not null
           and (to_jsonb(old) - 'leaf_index') = (to_jsonb(new) - 'leaf_index') then
          return new;
        end if;
      end if;
      raise exception '% of % is never allowed: history is append-only', tg_op, tg_table_name;
    end $$;
    create trigger event_append_only before update or delete on event
      for each row execute function refuse_history_change();
    create trigger leaf_append_only before update or delete on leaf
      for each row execute function refuse_history_change();
    create trigger link_append_only before update or delete on link
      for each row execute function refuse_history_change();
    create trigger checkpoint_append_only before update or delete on checkpoint
      for each row execute function refuse_history_change();
    create trigger event_no_truncate before truncate on event execute function refuse_history_change();
    create trigger leaf_no_truncate before truncate on leaf execute function refuse_history_change();
    create trigger link_no_truncate before truncate on link execute function refuse_history_change();
    create trigger tile_no_truncate before truncate on tile execute function refuse_history_change();
    create trigger checkpoint_no_truncate before truncate on checkpoint execute function refuse_history_change();
  `.execute(db)
}
