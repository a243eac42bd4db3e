import { type Kysely, sql } from 'kysely'

/**
 * A recording may be inventoried again, by a later tool or after a repeated job: each inventory stays, and a rendition names
 * the one that it was compared with. Of renditions and supplied films the role of `access` may do what supplying a film
 * needs and nothing else: it can declare nothing ready. It reads what the nightly check found, because nobody may be told
 * that an original is unchanged while a finding says otherwise.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recording_inventory drop constraint recording_inventory_pkey;
    alter table recording_inventory add primary key (recording_id, event_id);

    create function refuse_rendition_change_by_access() returns trigger language plpgsql as $$
    begin
      if current_user <> 'custody_access' then
        return new;
      end if;
      if old.state = 'not_playable' and new.state = 'superseded'
         and (to_jsonb(old) - 'state') = (to_jsonb(new) - 'state')
         and exists (select from rendition_supply where rendition_id = new.id and state = 'making') then
        return new;
      end if;
      raise exception 'access may not change a rendition from % to %', old.state, new.state
        using errcode = 'insufficient_privilege',
          hint = 'it may supersede one that cannot be played when two people agreed on a film of it';
    end $$;
    create trigger rendition_change_by_access before update on rendition
      for each row execute function refuse_rendition_change_by_access();

    create function refuse_supply_change_by_access() returns trigger language plpgsql as $$
    begin
      if current_user <> 'custody_access' then
        return new;
      end if;
      if tg_op = 'INSERT' then
        if new.state = 'proposed' and new.decided_by is null and new.decided_at is null
           and new.reason is null and new.failure is null then
          return new;
        end if;
        raise exception 'access may not insert a supplied film that is % or decided on', new.state
          using errcode = 'insufficient_privilege';
      end if;
      if old.state = 'proposed' and new.state in ('making', 'refused')
         and new.decided_by is not null and new.decided_at is not null then
        return new;
      end if;
      raise exception 'access may not change a supplied film from % to %', old.state, new.state
        using errcode = 'insufficient_privilege', hint = 'a second person confirms or refuses one that is proposed, once';
    end $$;
    create trigger supply_change_by_access before insert or update on rendition_supply
      for each row execute function refuse_supply_change_by_access();

    grant select on fsck_finding to custody_access;
  `.execute(db)
}
