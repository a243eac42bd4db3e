import { type Kysely, sql } from 'kysely'

/**
 * What the registers of hand-ins, devices and clearings rest on. A signed list is one hand-in: its signature is there once for a
 * dock. Where it was sent twice at once before, both stay, as their events do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      create unique index hand_in_signed on hand_in (dock_id, signature);
    exception when unique_violation then
      create index hand_in_signed on hand_in (dock_id, signature);
    end $$;

    -- A device is not lost by one person's word either while files of it have no receipt.
    alter table device_act add column told_to text;
    alter table device_act drop constraint device_act_act_check;
    alter table device_act add constraint device_act_act_check check (act in ('repair', 'retire', 'lend', 'lose'));
    alter table device_act add constraint device_act_told_check check ((told_to is null) = (act <> 'lose'));

    -- Docks are told of which device a hand-in is now.
    grant select (device_serial) on hand_in_correction to custody_ingest;
    -- When the newest file of a list was recorded. Of lists that are here it is when they came: they count for their shifts.
    alter table hand_in add column recorded_until timestamptz;
    update hand_in set recorded_until = opened_at;
    -- Of a device that was rostered and never docked: that the register had it out of service all the shift long.
    alter table gap add column device_state text
      check (device_state in ('in_service', 'in_repair', 'retired', 'lost', 'lent'));
  `.execute(db)
}
