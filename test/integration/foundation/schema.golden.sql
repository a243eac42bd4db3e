CREATE FUNCTION public.notify_readers() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
      begin
        perform pg_notify(tg_table_name, '');
        return null;
      end $$;

ALTER FUNCTION public.notify_readers() OWNER TO custody_owner;

CREATE FUNCTION public.refuse_history_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    begin
      if tg_op = 'UPDATE' and tg_table_name = 'event' then
        if old.leaf_index is null and new.leaf_index is not null
           and (to_jsonb(old) - 'leaf_index') = (to_jsonb(new) - 'leaf_index') then
          return new;
        end if;
      end if;
      raise exception '% of % is never allowed: history is append-only', tg_op, tg_table_name;
    end $$;

ALTER FUNCTION public.refuse_history_change() OWNER TO custody_owner;

CREATE FUNCTION public.refuse_rendition_change_by_access() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.refuse_rendition_change_by_access() OWNER TO custody_owner;

CREATE FUNCTION public.refuse_supply_change_by_access() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.refuse_supply_change_by_access() OWNER TO custody_owner;

CREATE FUNCTION public.require_a_custodian() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    begin
      if not exists (select from custodian_term where ended_at is null) then
        raise exception 'a custodian must be in office at any instant: end a term only by starting the next';
      end if;
      return null;
    end $$;

ALTER FUNCTION public.require_a_custodian() OWNER TO custody_owner;

CREATE FUNCTION public.require_dock_enrolment() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    declare
      said json := new.body::json;
    begin
      if exists (select from dock_enrolment enrolment
                 where new.subjects @> array['dock:' || enrolment.id] and enrolment.used_at is null
                   and enrolment.made_by::text = said->>'actor' and said->>'actorRole' = 'administrator'
                   and enrolment.name = said->'details'->>'name') then
        return new;
      end if;
      raise exception 'custody_ingest registers docks by an enrolment that waits, in the name of whoever made it'
        using errcode = 'insufficient_privilege';
    end $$;

ALTER FUNCTION public.require_dock_enrolment() OWNER TO custody_owner;

CREATE FUNCTION public.require_event_writer() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    declare
      said json := new.body::json;
      name_of_alarm text := case when new.kind = 'alarm.raised' then coalesce(said->'details'->>'alarm', '') else '' end;
      acted text := case said->>'actorRole' when 'service' then 'service:' || coalesce(said->>'actor', '')
        when 'dock' then 'dock' when 'nobody' then 'nobody' else 'person' end;
      tolerance bigint := (select tolerance_ms from event_time_rule);
      off_ms numeric := round(extract(epoch from new.at - clock_timestamp()) * 1000);
    begin
      if said->>'id' is distinct from new.id::text or said->>'kind' is distinct from new.kind
         or said->>'at' is distinct from to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         or coalesce(said->>'actor', '') = '' or coalesce(said->>'actorRole', '') = '' then
        raise exception 'event % %: its body does not say the id, kind and time of its row, or not who acted', new.kind, new.id
          using errcode = 'check_violation';
      end if;
      if not exists (select from event_writer writer where writer.kind = new.kind and writer.alarm = name_of_alarm
                     and writer.role = current_user and writer.actor in (acted, 'any')) then
        raise exception '% may not write % in the name of %', current_user, trim(new.kind || ' ' || name_of_alarm), acted
          using errcode = 'insufficient_privilege',
            hint = 'the table event_writer says which login writes which kind of event';
      end if;
      if tolerance is null or abs(off_ms) > tolerance then
        raise exception 'event %: its time lies % ms from the clock of the database, at most % are allowed',
          new.kind, off_ms, coalesce(tolerance, 0)
          using errcode = 'CT001', hint = 'set the clocks of both hosts by the same time server';
      end if;
      return new;
    end $$;

ALTER FUNCTION public.require_event_writer() OWNER TO custody_owner;

CREATE TABLE public.account_opening (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    cause text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    released_by uuid,
    released_at timestamp with time zone,
    office text,
    effective_from timestamp with time zone,
    code_hash bytea,
    code_expires_at timestamp with time zone,
    confirmed_by uuid,
    confirmed_at timestamp with time zone,
    stopped_by uuid,
    stopped_at timestamp with time zone,
    used_at timestamp with time zone,
    spare_id uuid,
    CONSTRAINT account_opening_cause_check CHECK ((cause = ANY (ARRAY['created'::text, 'reset'::text]))),
    CONSTRAINT account_opening_check CHECK ((made_by <> person_id)),
    CONSTRAINT account_opening_check1 CHECK (((released_by <> made_by) AND (released_by <> person_id))),
    CONSTRAINT account_opening_check2 CHECK ((((confirmed_by <> made_by) AND (confirmed_by <> person_id)) AND (confirmed_by <> released_by))),
    CONSTRAINT account_opening_check3 CHECK ((num_nulls(released_by, released_at, office, effective_from, code_hash, code_expires_at) = ANY (ARRAY[0, 6]))),
    CONSTRAINT account_opening_check4 CHECK (((num_nulls(confirmed_by, confirmed_at) = ANY (ARRAY[0, 2])) AND (num_nulls(stopped_by, stopped_at) = ANY (ARRAY[0, 2])))),
    CONSTRAINT account_opening_check5 CHECK (((spare_id IS NULL) OR (used_at IS NOT NULL))),
    CONSTRAINT account_opening_check6 CHECK (((released_by IS NOT NULL) OR (num_nonnulls(confirmed_by, stopped_by) = 0))),
    CONSTRAINT account_opening_check7 CHECK (((used_at IS NULL) OR (stopped_at IS NULL))),
    CONSTRAINT account_opening_check8 CHECK (((used_at IS NULL) OR (spare_id IS NOT NULL) OR ((released_by IS NOT NULL) AND (used_at >= effective_from)))),
    CONSTRAINT account_opening_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT account_opening_office_check CHECK ((office = ANY (ARRAY['supervisor'::text, 'auditor'::text])))
);

ALTER TABLE public.account_opening OWNER TO custody_owner;

CREATE TABLE public.account_shutting (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    reason text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    CONSTRAINT account_shutting_check CHECK ((num_nulls(decided_by, decided_at, confirmed) = ANY (ARRAY[0, 3]))),
    CONSTRAINT account_shutting_check1 CHECK (((decided_by <> asked_by) AND (decided_by <> person_id)))
);

ALTER TABLE public.account_shutting OWNER TO custody_owner;

CREATE TABLE public.act_seat (
    event_id uuid NOT NULL,
    matter_id uuid NOT NULL,
    person_id uuid NOT NULL,
    acted_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    browser_mark bytea,
    same_person_id uuid,
    CONSTRAINT act_seat_browser_mark_check CHECK ((octet_length(browser_mark) = 32))
);

ALTER TABLE public.act_seat OWNER TO custody_owner;

CREATE TABLE public.archive_key (
    subject text NOT NULL,
    key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT archive_key_key_check CHECK ((octet_length(key) = 32))
);

ALTER TABLE public.archive_key OWNER TO custody_owner;

CREATE TABLE public.archive_object (
    object_key text NOT NULL,
    batch_first bigint NOT NULL,
    bytes bytea NOT NULL
);

ALTER TABLE public.archive_object OWNER TO custody_owner;

CREATE TABLE public.archive_progress (
    store text NOT NULL,
    archived_to bigint NOT NULL,
    CONSTRAINT archive_progress_archived_to_check CHECK ((archived_to >= 0)),
    CONSTRAINT archive_progress_store_check CHECK ((store = ANY (ARRAY['primary'::text, 'backup-a'::text, 'backup-b'::text])))
);

ALTER TABLE public.archive_progress OWNER TO custody_owner;

CREATE TABLE public.case_file (
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    party_id uuid NOT NULL,
    departments text[] NOT NULL,
    officer_ids uuid[] NOT NULL,
    outside_number text,
    opened_at timestamp with time zone NOT NULL,
    participant_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    fewer_officers_reason text,
    CONSTRAINT case_file_departments_check CHECK ((cardinality(departments) >= 1)),
    CONSTRAINT case_file_kind_check CHECK ((kind = ANY (ARRAY['inspection'::text, 'simple'::text, 'general'::text, 'no_penalty'::text]))),
    CONSTRAINT case_file_officer_ids_check CHECK (((cardinality(officer_ids) >= 2) OR (fewer_officers_reason IS NOT NULL)))
);

ALTER TABLE public.case_file OWNER TO custody_owner;

CREATE TABLE public.case_recording (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    stage text NOT NULL,
    officer_ids uuid[] NOT NULL,
    attached_by uuid NOT NULL,
    attached_at timestamp with time zone NOT NULL,
    detached_at timestamp with time zone,
    participant_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    fewer_officers_reason text,
    CONSTRAINT case_recording_officer_ids_check CHECK (((cardinality(officer_ids) >= 2) OR (fewer_officers_reason IS NOT NULL))),
    CONSTRAINT case_recording_stage_check CHECK ((stage = ANY (ARRAY['initiation'::text, 'investigation'::text, 'review'::text, 'decision'::text, 'service'::text, 'enforcement'::text])))
);

ALTER TABLE public.case_recording OWNER TO custody_owner;

CREATE TABLE public.checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT checkpoint_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT checkpoint_size_check CHECK ((size >= 0))
);

ALTER TABLE public.checkpoint OWNER TO custody_owner;

CREATE TABLE public.clearing (
    id uuid NOT NULL,
    dock_id uuid NOT NULL,
    said_id text NOT NULL,
    hand_in_id uuid NOT NULL,
    full_percent integer,
    list_sha256 bytea NOT NULL,
    event_id uuid NOT NULL,
    announced_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    given_up_at timestamp with time zone,
    CONSTRAINT clearing_full_percent_check CHECK (((full_percent >= 0) AND (full_percent <= 100))),
    CONSTRAINT clearing_list_sha256_check CHECK ((octet_length(list_sha256) = 32))
);

ALTER TABLE public.clearing OWNER TO custody_owner;

CREATE TABLE public.clearing_file (
    clearing_id uuid NOT NULL,
    hand_in_id uuid NOT NULL,
    number integer NOT NULL,
    recording_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    basis text NOT NULL,
    receipt_index bigint NOT NULL,
    outcome text,
    CONSTRAINT clearing_file_basis_check CHECK ((basis = ANY (ARRAY['witnessed'::text, 'before_witness'::text]))),
    CONSTRAINT clearing_file_outcome_check CHECK ((outcome = ANY (ARRAY['cleared'::text, 'gone'::text, 'digest_differs'::text, 'not_removed'::text, 'kept'::text, 'outcome_unknown'::text]))),
    CONSTRAINT clearing_file_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE public.clearing_file OWNER TO custody_owner;

CREATE TABLE public.clearing_giving_up (
    id uuid NOT NULL,
    clearing_id uuid NOT NULL,
    reason text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    CONSTRAINT clearing_giving_up_check CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT clearing_giving_up_check1 CHECK (((decided_by IS NULL) = (confirmed IS NULL)))
);

ALTER TABLE public.clearing_giving_up OWNER TO custody_owner;

CREATE TABLE public.copy (
    recording_id uuid NOT NULL,
    store text NOT NULL,
    object_key text NOT NULL,
    version_id text NOT NULL,
    host_name text NOT NULL,
    state text NOT NULL,
    retain_until timestamp with time zone NOT NULL,
    legal_hold boolean NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    CONSTRAINT copy_state_check CHECK ((state = ANY (ARRAY['stored'::text, 'verified'::text, 'damaged'::text]))),
    CONSTRAINT copy_store_check CHECK ((store = ANY (ARRAY['primary'::text, 'backup-a'::text, 'backup-b'::text])))
);

ALTER TABLE public.copy OWNER TO custody_owner;

CREATE TABLE public.cosignature (
    size bigint NOT NULL,
    name text NOT NULL,
    key_id bigint NOT NULL,
    line text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT cosignature_key_id_check CHECK (((key_id >= 0) AND (key_id <= '4294967295'::bigint)))
);

ALTER TABLE public.cosignature OWNER TO custody_owner;

CREATE TABLE public.custodian_handover (
    id uuid NOT NULL,
    from_person_id uuid NOT NULL,
    to_person_id uuid NOT NULL,
    reason text NOT NULL,
    absent boolean NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    withdrawn_at timestamp with time zone
);

ALTER TABLE public.custodian_handover OWNER TO custody_owner;

CREATE TABLE public.custodian_handover_signature (
    handover_id uuid NOT NULL,
    person_id uuid NOT NULL,
    part text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT custodian_handover_signature_part_check CHECK ((part = ANY (ARRAY['outgoing'::text, 'incoming'::text, 'supervisor'::text, 'legal_office'::text])))
);

ALTER TABLE public.custodian_handover_signature OWNER TO custody_owner;

CREATE TABLE public.custodian_term (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT custodian_term_check CHECK ((ended_at > started_at))
);

ALTER TABLE public.custodian_term OWNER TO custody_owner;

CREATE TABLE public.deputyship (
    id uuid NOT NULL,
    supervisor_id uuid NOT NULL,
    deputy_id uuid NOT NULL,
    reason text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    named_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT deputyship_check CHECK ((deputy_id <> supervisor_id)),
    CONSTRAINT deputyship_check1 CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '2160:00:00'::interval)))),
    CONSTRAINT deputyship_check2 CHECK (((decided_by IS DISTINCT FROM supervisor_id) AND (decided_by IS DISTINCT FROM deputy_id))),
    CONSTRAINT deputyship_check3 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((ended_by IS NULL) = (ended_at IS NULL)))),
    CONSTRAINT deputyship_check4 CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT deputyship_check5 CHECK (((state <> ALL (ARRAY['signed'::text, 'refused'::text])) OR (decided_at IS NOT NULL))),
    CONSTRAINT deputyship_state_check CHECK ((state = ANY (ARRAY['named'::text, 'signed'::text, 'refused'::text, 'ended'::text])))
);

ALTER TABLE public.deputyship OWNER TO custody_owner;

CREATE TABLE public.device (
    id uuid NOT NULL,
    serial text NOT NULL,
    kind text NOT NULL,
    model text,
    holder_id uuid,
    state text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    CONSTRAINT device_kind_check CHECK ((kind = ANY (ARRAY['recorder'::text, 'camera'::text, 'audio_pen'::text, 'drone'::text, 'phone'::text]))),
    CONSTRAINT device_state_check CHECK ((state = ANY (ARRAY['in_service'::text, 'in_repair'::text, 'retired'::text, 'lost'::text, 'lent'::text])))
);

ALTER TABLE public.device OWNER TO custody_owner;

CREATE TABLE public.device_act (
    id uuid NOT NULL,
    device_id uuid NOT NULL,
    act text NOT NULL,
    card_taken_out boolean NOT NULL,
    files_missing integer NOT NULL,
    gaps_open integer NOT NULL,
    note text NOT NULL,
    lent_to text,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    told_to text,
    CONSTRAINT device_act_act_check CHECK ((act = ANY (ARRAY['repair'::text, 'retire'::text, 'lend'::text, 'lose'::text]))),
    CONSTRAINT device_act_check CHECK (((lent_to IS NULL) = (act <> 'lend'::text))),
    CONSTRAINT device_act_check1 CHECK ((decided_by <> asked_by)),
    CONSTRAINT device_act_check2 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (confirmed IS NULL)))),
    CONSTRAINT device_act_files_missing_check CHECK ((files_missing >= 0)),
    CONSTRAINT device_act_gaps_open_check CHECK ((gaps_open >= 0)),
    CONSTRAINT device_act_told_check CHECK (((told_to IS NULL) = (act <> 'lose'::text)))
);

ALTER TABLE public.device_act OWNER TO custody_owner;

CREATE TABLE public.device_keeper_change (
    id uuid NOT NULL,
    device_id uuid NOT NULL,
    from_person_id uuid,
    to_person_id uuid,
    note text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    CONSTRAINT device_keeper_change_check CHECK ((to_person_id IS DISTINCT FROM from_person_id)),
    CONSTRAINT device_keeper_change_check1 CHECK ((decided_by <> asked_by)),
    CONSTRAINT device_keeper_change_check2 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (confirmed IS NULL))))
);

ALTER TABLE public.device_keeper_change OWNER TO custody_owner;

CREATE TABLE public.dock (
    id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    public_key bytea NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    released_by uuid,
    released_at timestamp with time zone,
    CONSTRAINT dock_public_key_check CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT dock_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE public.dock OWNER TO custody_owner;

CREATE TABLE public.dock_code_lift (
    event_id uuid NOT NULL,
    dock_id uuid NOT NULL,
    lifted_by uuid NOT NULL,
    lifted_at timestamp with time zone NOT NULL
);

ALTER TABLE public.dock_code_lift OWNER TO custody_owner;

CREATE TABLE public.dock_enrolment (
    id uuid NOT NULL,
    name text NOT NULL,
    code_hash bytea NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT dock_enrolment_check CHECK ((expires_at > made_at)),
    CONSTRAINT dock_enrolment_code_hash_check CHECK ((octet_length(code_hash) = 32))
);

ALTER TABLE public.dock_enrolment OWNER TO custody_owner;

CREATE TABLE public.dock_identification (
    event_id uuid NOT NULL,
    dock_id uuid NOT NULL,
    device_serial text NOT NULL,
    hand_in_id uuid,
    means text NOT NULL,
    person_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT dock_identification_means_check CHECK ((means = ANY (ARRAY['card'::text, 'code'::text])))
);

ALTER TABLE public.dock_identification OWNER TO custody_owner;

CREATE TABLE public.dock_pass (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    means text NOT NULL,
    digest bytea NOT NULL,
    given_by uuid NOT NULL,
    given_at timestamp with time zone NOT NULL,
    released_by uuid,
    released_at timestamp with time zone,
    taken_back_by uuid,
    taken_back_at timestamp with time zone,
    CONSTRAINT dock_pass_check CHECK ((released_by <> given_by)),
    CONSTRAINT dock_pass_check1 CHECK ((((released_by IS NULL) = (released_at IS NULL)) AND ((taken_back_by IS NULL) = (taken_back_at IS NULL)))),
    CONSTRAINT dock_pass_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT dock_pass_means_check CHECK ((means = ANY (ARRAY['card'::text, 'code'::text])))
);

ALTER TABLE public.dock_pass OWNER TO custody_owner;

CREATE TABLE public.dock_report (
    dock_id uuid NOT NULL,
    said_id text NOT NULL,
    sha256 bytea NOT NULL,
    event_id uuid NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    CONSTRAINT dock_report_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE public.dock_report OWNER TO custody_owner;

CREATE TABLE public.dock_state (
    dock_id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    version text NOT NULL,
    slots integer NOT NULL,
    slots_used integer NOT NULL,
    spool_bytes bigint NOT NULL,
    spool_used_bytes bigint NOT NULL,
    waiting_bytes bigint NOT NULL,
    clock text NOT NULL,
    offline_since timestamp with time zone,
    attention jsonb NOT NULL,
    CONSTRAINT dock_state_clock_check CHECK ((clock = ANY (ARRAY['proven'::text, 'unproven'::text, 'off'::text])))
);

ALTER TABLE public.dock_state OWNER TO custody_owner;

CREATE TABLE public.download_answer (
    id uuid NOT NULL,
    download_id uuid NOT NULL,
    first_byte bigint NOT NULL,
    last_byte bigint NOT NULL,
    sent_bytes bigint DEFAULT 0 NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT download_answer_check CHECK ((last_byte >= first_byte)),
    CONSTRAINT download_answer_first_byte_check CHECK ((first_byte >= 0)),
    CONSTRAINT download_answer_sent_bytes_check CHECK ((sent_bytes >= 0))
);

ALTER TABLE public.download_answer OWNER TO custody_owner;

CREATE TABLE public.enrolment_try (
    address text NOT NULL,
    since timestamp with time zone NOT NULL,
    tries integer NOT NULL,
    CONSTRAINT enrolment_try_tries_check CHECK ((tries > 0))
);

ALTER TABLE public.enrolment_try OWNER TO custody_owner;

CREATE TABLE public.event (
    id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    subjects text[] NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    leaf_index bigint,
    CONSTRAINT event_commitment_check CHECK ((octet_length(commitment) = 32)),
    CONSTRAINT event_kind_check CHECK ((kind ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT event_leaf_index_check CHECK ((leaf_index >= 0)),
    CONSTRAINT event_salt_check CHECK ((octet_length(salt) = 32)),
    CONSTRAINT event_subjects_check CHECK ((((cardinality(subjects) >= 1) AND (cardinality(subjects) <= 8)) AND (array_ndims(subjects) = 1) AND (array_position(subjects, NULL::text) IS NULL) AND (octet_length(array_to_string(subjects, ''::text)) <= 2000)))
);

ALTER TABLE public.event OWNER TO custody_owner;

CREATE TABLE public.event_archive_batch (
    first bigint NOT NULL,
    count integer NOT NULL,
    with_partial_tiles boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT event_archive_batch_count_check CHECK ((count > 0)),
    CONSTRAINT event_archive_batch_first_check CHECK ((first >= 0))
);

ALTER TABLE public.event_archive_batch OWNER TO custody_owner;

CREATE TABLE public.event_time_rule (
    only_row boolean DEFAULT true NOT NULL,
    tolerance_ms bigint NOT NULL,
    CONSTRAINT event_time_rule_only_row_check CHECK (only_row),
    CONSTRAINT event_time_rule_tolerance_ms_check CHECK ((tolerance_ms >= 0))
);

ALTER TABLE public.event_time_rule OWNER TO custody_owner;

CREATE TABLE public.event_writer (
    kind text NOT NULL,
    alarm text NOT NULL,
    role text NOT NULL,
    actor text NOT NULL,
    CONSTRAINT event_writer_actor_check CHECK ((actor ~ '^(any|person|dock|nobody|service:[a-z]+)$'::text)),
    CONSTRAINT event_writer_check CHECK (((kind = 'alarm.raised'::text) = (alarm <> ''::text)))
);

ALTER TABLE public.event_writer OWNER TO custody_owner;

CREATE TABLE public.fsck_finding (
    id uuid NOT NULL,
    check_code text NOT NULL,
    subject text NOT NULL,
    problem text NOT NULL,
    alarm_id uuid,
    found_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone
);

ALTER TABLE public.fsck_finding OWNER TO custody_owner;

CREATE TABLE public.gap (
    id uuid NOT NULL,
    kind text NOT NULL,
    device_serial text NOT NULL,
    hand_in_id uuid,
    dock_gap_id text,
    before_number integer,
    after_number integer,
    from_time text,
    to_time text,
    length_ms bigint,
    missing_numbers integer,
    line_numbers integer[] NOT NULL,
    proposed text,
    roster_line_id uuid,
    person_id uuid,
    due_at timestamp with time zone NOT NULL,
    found_by text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision_reason text,
    device_state text,
    CONSTRAINT gap_check CHECK (((hand_in_id IS NULL) = (kind = 'missing_hand_in'::text))),
    CONSTRAINT gap_check1 CHECK (((roster_line_id IS NULL) = (kind <> 'missing_hand_in'::text))),
    CONSTRAINT gap_check2 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT gap_device_state_check CHECK ((device_state = ANY (ARRAY['in_service'::text, 'in_repair'::text, 'retired'::text, 'lost'::text, 'lent'::text]))),
    CONSTRAINT gap_kind_check CHECK ((kind = ANY (ARRAY['time'::text, 'number'::text, 'not_read'::text, 'missing_hand_in'::text]))),
    CONSTRAINT gap_state_check CHECK ((state = ANY (ARRAY['open'::text, 'explained'::text, 'accepted'::text, 'returned'::text, 'withdrawn'::text])))
);

ALTER TABLE public.gap OWNER TO custody_owner;

CREATE TABLE public.gap_explanation (
    id uuid NOT NULL,
    gap_id uuid NOT NULL,
    dock_message_id text,
    reason text NOT NULL,
    words text,
    person_id uuid,
    grade text NOT NULL,
    identified boolean NOT NULL,
    said_at text,
    given_by text NOT NULL,
    given_at timestamp with time zone NOT NULL,
    confirm_by timestamp with time zone,
    confirmed_at timestamp with time zone,
    is_own boolean,
    CONSTRAINT gap_explanation_check CHECK (((confirmed_at IS NULL) OR (confirm_by IS NOT NULL))),
    CONSTRAINT gap_explanation_check1 CHECK (((is_own IS NULL) = (confirmed_at IS NULL))),
    CONSTRAINT gap_explanation_grade_check CHECK ((grade = ANY (ARRAY['slot'::text, 'card'::text, 'code'::text, 'password'::text]))),
    CONSTRAINT gap_explanation_reason_check CHECK ((reason = ANY (ARRAY['battery'::text, 'storage_full'::text, 'device_fault'::text, 'asked_by_party'::text, 'operating_error'::text, 'clock'::text, 'not_used'::text, 'still_on_duty'::text, 'handed_in_elsewhere'::text, 'lost'::text, 'other'::text])))
);

ALTER TABLE public.gap_explanation OWNER TO custody_owner;

CREATE TABLE public.hand_in (
    id uuid NOT NULL,
    dock_id uuid NOT NULL,
    device_serial text NOT NULL,
    head bytea NOT NULL,
    signature bytea NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    user_id uuid,
    device_stated boolean DEFAULT false NOT NULL,
    running_number integer,
    concerned_id uuid,
    concerned_grade text NOT NULL,
    numbers_checked_at timestamp with time zone,
    signed_at timestamp with time zone NOT NULL,
    recorded_until timestamp with time zone,
    CONSTRAINT hand_in_concerned_grade_check CHECK ((concerned_grade = ANY (ARRAY['confirmed'::text, 'roster'::text, 'register'::text, 'unknown'::text]))),
    CONSTRAINT hand_in_signature_check CHECK ((octet_length(signature) = 64))
);

ALTER TABLE public.hand_in OWNER TO custody_owner;

CREATE TABLE public.hand_in_correction (
    id uuid NOT NULL,
    hand_in_id uuid NOT NULL,
    device_serial text,
    user_id uuid,
    reason text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    CONSTRAINT hand_in_correction_check CHECK ((decided_by <> asked_by)),
    CONSTRAINT hand_in_correction_check1 CHECK ((num_nonnulls(device_serial, user_id) > 0)),
    CONSTRAINT hand_in_correction_check2 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (confirmed IS NULL))))
);

ALTER TABLE public.hand_in_correction OWNER TO custody_owner;

CREATE TABLE public.hand_in_file (
    hand_in_id uuid NOT NULL,
    number integer NOT NULL,
    name bytea NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea,
    upload_id uuid,
    device_time text,
    mark boolean NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT hand_in_file_salt_check CHECK ((octet_length(salt) = 32))
);

ALTER TABLE public.hand_in_file OWNER TO custody_owner;

CREATE TABLE public.hand_in_statement (
    id uuid NOT NULL,
    hand_in_id uuid NOT NULL,
    dock_message_id text NOT NULL,
    kind text NOT NULL,
    line_numbers integer[] NOT NULL,
    words text,
    person_id uuid,
    grade text NOT NULL,
    identified boolean NOT NULL,
    said_at text NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    CONSTRAINT hand_in_statement_grade_check CHECK ((grade = ANY (ARRAY['slot'::text, 'card'::text, 'code'::text, 'password'::text]))),
    CONSTRAINT hand_in_statement_kind_check CHECK ((kind = ANY (ARRAY['not_enforcement'::text, 'no_number_yet'::text])))
);

ALTER TABLE public.hand_in_statement OWNER TO custody_owner;

CREATE TABLE public.job (
    id uuid NOT NULL,
    name text NOT NULL,
    subject_id uuid NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    run_after timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT job_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text])))
);

ALTER TABLE public.job OWNER TO custody_owner;

CREATE TABLE public.kysely_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);

ALTER TABLE public.kysely_migration OWNER TO custody_owner;

CREATE TABLE public.kysely_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);

ALTER TABLE public.kysely_migration_lock OWNER TO custody_owner;

CREATE TABLE public.leaf (
    index bigint NOT NULL,
    event_id uuid NOT NULL,
    data bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT leaf_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT leaf_index_check CHECK ((index >= 0))
);

ALTER TABLE public.leaf OWNER TO custody_owner;

CREATE TABLE public.lease (
    name text NOT NULL,
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL
);

ALTER TABLE public.lease OWNER TO custody_owner;

CREATE TABLE public.ledger_copy (
    store text NOT NULL,
    object_key text NOT NULL,
    version_id text NOT NULL,
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    retain_until timestamp with time zone,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_copy_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT ledger_copy_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT ledger_copy_store_check CHECK ((store = ANY (ARRAY['primary'::text, 'backup-a'::text, 'backup-b'::text])))
);

ALTER TABLE public.ledger_copy OWNER TO custody_owner;

CREATE TABLE public.link (
    subject text NOT NULL,
    n bigint NOT NULL,
    event_id uuid NOT NULL,
    leaf_index bigint NOT NULL,
    CONSTRAINT link_n_check CHECK ((n >= 1))
);

ALTER TABLE public.link OWNER TO custody_owner;

CREATE TABLE public.notice_seen (
    person_id uuid NOT NULL,
    notice_id text NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

ALTER TABLE public.notice_seen OWNER TO custody_owner;

CREATE TABLE public.package (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    with_footage boolean NOT NULL,
    purpose text NOT NULL,
    recipient_name text,
    recipient_organisation text,
    recipient_key text,
    requested_by uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    bytes_done bigint DEFAULT 0 NOT NULL,
    bytes_total bigint,
    checkpoint_size bigint,
    multipart_id text,
    object_key text,
    version_id text,
    bytes bigint,
    sha256 bytea,
    failure text,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    CONSTRAINT package_check CHECK (((NOT with_footage) OR (recipient_name IS NOT NULL))),
    CONSTRAINT package_check1 CHECK ((decided_by IS DISTINCT FROM requested_by)),
    CONSTRAINT package_purpose_check CHECK ((purpose <> ''::text)),
    CONSTRAINT package_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT package_state_check CHECK ((state = ANY (ARRAY['awaiting_signature'::text, 'queued'::text, 'building'::text, 'ready'::text, 'refused'::text, 'failed'::text, 'expired'::text])))
);

ALTER TABLE public.package OWNER TO custody_owner;

CREATE TABLE public.package_download (
    id uuid NOT NULL,
    package_id uuid NOT NULL,
    person_id uuid NOT NULL,
    session_hash bytea NOT NULL,
    event_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    sent_bytes bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone,
    ended_why text,
    CONSTRAINT package_download_check CHECK (((ended_at IS NULL) = (ended_why IS NULL))),
    CONSTRAINT package_download_ended_why_check CHECK ((ended_why = ANY (ARRAY['complete'::text, 'client_gone'::text, 'read_failed'::text, 'service_stopped'::text, 'session_ended'::text, 'account_shut'::text, 'not_in_office'::text, 'package_expired'::text, 'not_checked'::text])))
);

ALTER TABLE public.package_download OWNER TO custody_owner;

CREATE TABLE public.party (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    code text,
    address text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT party_kind_check CHECK ((kind = ANY (ARRAY['household'::text, 'shop'::text, 'company'::text, 'person'::text])))
);

ALTER TABLE public.party OWNER TO custody_owner;

CREATE TABLE public.person (
    id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    account text NOT NULL,
    officer_number text,
    certificate_number text,
    password_hash text NOT NULL,
    must_change_password boolean DEFAULT true NOT NULL,
    awaits_release boolean DEFAULT false NOT NULL,
    failed_sign_ins integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT person_role_check CHECK ((role = ANY (ARRAY['officer'::text, 'custodian'::text, 'auditor'::text, 'legal_reviewer'::text, 'supervisor'::text, 'deputy'::text, 'administrator'::text, 'assistant'::text])))
);

ALTER TABLE public.person OWNER TO custody_owner;

CREATE TABLE public.quarantine_proposal (
    id uuid NOT NULL,
    recording_id uuid NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    batch_id uuid,
    CONSTRAINT quarantine_proposal_check CHECK ((decided_by <> proposed_by)),
    CONSTRAINT quarantine_proposal_outcome_check CHECK ((outcome = ANY (ARRAY['accept'::text, 'keep_apart'::text])))
);

ALTER TABLE public.quarantine_proposal OWNER TO custody_owner;

CREATE TABLE public.receipt (
    recording_id uuid NOT NULL,
    event_id uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL
);

ALTER TABLE public.receipt OWNER TO custody_owner;

CREATE TABLE public.receipt_due (
    recording_id uuid NOT NULL
);

ALTER TABLE public.receipt_due OWNER TO custody_owner;

CREATE VIEW public.receipt_event WITH (security_barrier='true') AS
 SELECT event.id,
    event.body,
    event.salt
   FROM public.event
  WHERE (event.kind = ANY (ARRAY['receipt.issued'::text, 'recording.read_again'::text]));

ALTER TABLE public.receipt_event OWNER TO custody_owner;

CREATE TABLE public.recording (
    id uuid NOT NULL,
    dock_id uuid,
    hand_in_id uuid,
    device_id uuid,
    device_serial text NOT NULL,
    officer_id uuid,
    name bytea NOT NULL,
    name_parsed jsonb,
    media_kind text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    sm3 bytea,
    mark boolean NOT NULL,
    device_time timestamp with time zone,
    clock_offset_ms bigint,
    corrected_time timestamp with time zone,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    state text NOT NULL,
    quarantine_reason text,
    quarantine_ended_at timestamp with time zone,
    sealed_at timestamp with time zone NOT NULL,
    secured_at timestamp with time zone,
    device_time_text text,
    user_grade text NOT NULL,
    CONSTRAINT recording_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT recording_media_kind_check CHECK ((media_kind = ANY (ARRAY['video'::text, 'audio'::text, 'still'::text, 'document'::text, 'unknown'::text]))),
    CONSTRAINT recording_quarantine_reason_check CHECK ((quarantine_reason = ANY (ARRAY['digest_differs'::text, 'unknown_device'::text, 'retired_device'::text, 'not_listed'::text]))),
    CONSTRAINT recording_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT recording_sm3_check CHECK ((octet_length(sm3) = 32)),
    CONSTRAINT recording_state_check CHECK ((state = ANY (ARRAY['sealed'::text, 'secured'::text, 'damaged'::text]))),
    CONSTRAINT recording_user_grade_check CHECK ((user_grade = ANY (ARRAY['confirmed'::text, 'roster'::text, 'register'::text, 'unknown'::text])))
);

ALTER TABLE public.recording OWNER TO custody_owner;

CREATE TABLE public.recording_inventory (
    recording_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    object_key text NOT NULL,
    version_id text NOT NULL,
    host_name text NOT NULL,
    retain_until timestamp with time zone NOT NULL,
    tool text NOT NULL,
    summary jsonb NOT NULL,
    event_id uuid NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT recording_inventory_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT recording_inventory_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE public.recording_inventory OWNER TO custody_owner;

CREATE TABLE public.rendition (
    id uuid NOT NULL,
    recording_id uuid NOT NULL,
    state text NOT NULL,
    kind text,
    method text,
    tool text,
    flags text[],
    input_sha256 bytea,
    duration_ms bigint,
    reason text,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ready_event_id uuid,
    why text,
    CONSTRAINT rendition_kind_check CHECK ((kind = ANY (ARRAY['video'::text, 'audio'::text, 'still'::text]))),
    CONSTRAINT rendition_method_check CHECK ((method = ANY (ARRAY['remux'::text, 'transcode_sound'::text, 'transcode'::text, 'copy'::text, 'supplied'::text]))),
    CONSTRAINT rendition_state_check CHECK ((state = ANY (ARRAY['running'::text, 'ready'::text, 'not_playable'::text, 'abandoned'::text, 'preview'::text, 'preview_ended'::text, 'withdrawn'::text, 'superseded'::text]))),
    CONSTRAINT rendition_why_check CHECK ((why = ANY (ARRAY['empty'::text, 'zeros'::text, 'text'::text, 'playlist'::text, 'document'::text, 'archive'::text, 'program'::text, 'database'::text, 'disk_image'::text, 'camera_raw'::text, 'animated_picture'::text, 'still_without_tool'::text, 'still_not_decodable'::text, 'vendor_format'::text, 'encrypted'::text, 'unknown'::text, 'undecodable'::text, 'beyond_limit'::text, 'no_picture_or_sound'::text])))
);

ALTER TABLE public.rendition OWNER TO custody_owner;

CREATE TABLE public.rendition_file (
    rendition_id uuid NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    start_ms bigint NOT NULL,
    duration_ms bigint NOT NULL,
    bytes bigint NOT NULL,
    content_type text NOT NULL,
    sha256 bytea NOT NULL,
    object_key text NOT NULL,
    version_id text NOT NULL,
    event_id uuid NOT NULL,
    track integer DEFAULT 0 NOT NULL,
    CONSTRAINT rendition_file_kind_check CHECK ((kind = ANY (ARRAY['init'::text, 'segment'::text, 'thumbnail'::text, 'still'::text]))),
    CONSTRAINT rendition_file_number_check CHECK ((number >= 0)),
    CONSTRAINT rendition_file_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT rendition_file_track_check CHECK (((track >= 0) AND (track <= 63)))
);

ALTER TABLE public.rendition_file OWNER TO custody_owner;

CREATE TABLE public.rendition_supply (
    id uuid NOT NULL,
    recording_id uuid NOT NULL,
    rendition_id uuid NOT NULL,
    state text NOT NULL,
    tool text NOT NULL,
    tool_version text NOT NULL,
    how text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    object_key text NOT NULL,
    version_id text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    reason text,
    failure text,
    CONSTRAINT rendition_supply_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT rendition_supply_check CHECK ((decided_by <> proposed_by)),
    CONSTRAINT rendition_supply_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT rendition_supply_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'refused'::text, 'making'::text, 'ready'::text, 'failed'::text])))
);

ALTER TABLE public.rendition_supply OWNER TO custody_owner;

CREATE TABLE public.rendition_track (
    rendition_id uuid NOT NULL,
    track integer NOT NULL,
    kind text NOT NULL,
    streams integer[] NOT NULL,
    channels integer[],
    codecs text,
    duration_ms bigint,
    CONSTRAINT rendition_track_kind_check CHECK ((kind = ANY (ARRAY['video'::text, 'audio'::text, 'still'::text]))),
    CONSTRAINT rendition_track_track_check CHECK (((track >= 0) AND (track <= 63)))
);

ALTER TABLE public.rendition_track OWNER TO custody_owner;

CREATE TABLE public.roster_line (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    device_serial text,
    day text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamp with time zone,
    CONSTRAINT roster_line_check CHECK ((ends_at > starts_at)),
    CONSTRAINT roster_line_check1 CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL))),
    CONSTRAINT roster_line_day_check CHECK ((day ~ '^\d{4}-\d\d-\d\d$'::text))
);

ALTER TABLE public.roster_line OWNER TO custody_owner;

CREATE TABLE public.sealed_spare (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    seal_number text NOT NULL,
    place text NOT NULL,
    sealed_by uuid NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    with_person_id uuid NOT NULL,
    confirmed_at timestamp with time zone,
    asked_by uuid,
    asked_at timestamp with time zone,
    opened_by uuid,
    opened_at timestamp with time zone,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    replaced_at timestamp with time zone,
    CONSTRAINT sealed_spare_check CHECK ((with_person_id <> sealed_by)),
    CONSTRAINT sealed_spare_check1 CHECK ((asked_by <> person_id)),
    CONSTRAINT sealed_spare_check2 CHECK (((opened_by <> person_id) AND (opened_by <> asked_by))),
    CONSTRAINT sealed_spare_check3 CHECK (((asked_by IS NULL) = (asked_at IS NULL))),
    CONSTRAINT sealed_spare_check4 CHECK ((((opened_by IS NULL) = (opened_at IS NULL)) AND ((opened_at IS NULL) = (expires_at IS NULL)))),
    CONSTRAINT sealed_spare_check5 CHECK (((opened_at IS NULL) OR ((confirmed_at IS NOT NULL) AND (asked_at IS NOT NULL)))),
    CONSTRAINT sealed_spare_check6 CHECK (((used_at IS NULL) OR (opened_at IS NOT NULL))),
    CONSTRAINT sealed_spare_check7 CHECK (((replaced_at IS NULL) OR (opened_at IS NULL))),
    CONSTRAINT sealed_spare_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT sealed_spare_place_check CHECK ((place <> ''::text)),
    CONSTRAINT sealed_spare_seal_number_check CHECK ((seal_number <> ''::text))
);

ALTER TABLE public.sealed_spare OWNER TO custody_owner;

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    address text,
    browser_mark bytea,
    CONSTRAINT session_browser_mark_check CHECK ((octet_length(browser_mark) = 32)),
    CONSTRAINT session_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE public.session OWNER TO custody_owner;

CREATE TABLE public.setting_version (
    id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    CONSTRAINT setting_version_check CHECK ((((state = 'proposed'::text) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)))),
    CONSTRAINT setting_version_check1 CHECK (((state = 'withdrawn'::text) OR (decided_by IS DISTINCT FROM proposed_by))),
    CONSTRAINT setting_version_key_check CHECK ((key ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT setting_version_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text])))
);

ALTER TABLE public.setting_version OWNER TO custody_owner;

CREATE TABLE public.store_audit (
    store text NOT NULL,
    checked_to timestamp with time zone NOT NULL,
    silent_since timestamp with time zone,
    CONSTRAINT store_audit_store_check CHECK ((store = ANY (ARRAY['primary'::text, 'backup-a'::text, 'backup-b'::text])))
);

ALTER TABLE public.store_audit OWNER TO custody_owner;

CREATE TABLE public.store_read (
    store text NOT NULL,
    request_id text NOT NULL,
    api text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    credential text NOT NULL,
    bucket text NOT NULL,
    object_key text NOT NULL,
    version_id text,
    bytes bigint NOT NULL,
    explained_by text,
    alarm_id uuid,
    judged_at timestamp with time zone,
    CONSTRAINT store_read_store_check CHECK ((store = ANY (ARRAY['primary'::text, 'backup-a'::text, 'backup-b'::text])))
);

ALTER TABLE public.store_read OWNER TO custody_owner;

CREATE TABLE public.subject_secret (
    subject text NOT NULL,
    secret bytea NOT NULL,
    proof bytea NOT NULL,
    mac bytea,
    CONSTRAINT subject_secret_mac_check CHECK ((octet_length(mac) = 32))
);

ALTER TABLE public.subject_secret OWNER TO custody_owner;

CREATE TABLE public.third_signature (
    id uuid NOT NULL,
    act text NOT NULL,
    matter_id uuid NOT NULL,
    signer_name text NOT NULL,
    signer_office text NOT NULL,
    scan_sha256 bytea NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    confirm_by timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    confirmed boolean,
    CONSTRAINT third_signature_check CHECK ((decided_by <> added_by)),
    CONSTRAINT third_signature_check1 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (confirmed IS NULL)))),
    CONSTRAINT third_signature_scan_sha256_check CHECK ((octet_length(scan_sha256) = 32)),
    CONSTRAINT third_signature_signer_name_check CHECK ((signer_name <> ''::text)),
    CONSTRAINT third_signature_signer_office_check CHECK ((signer_office <> ''::text))
);

ALTER TABLE public.third_signature OWNER TO custody_owner;

CREATE TABLE public.tile (
    level integer NOT NULL,
    index bigint NOT NULL,
    hashes bytea NOT NULL,
    CONSTRAINT tile_hashes_check CHECK ((((octet_length(hashes) % 32) = 0) AND ((octet_length(hashes) >= 32) AND (octet_length(hashes) <= 8192)))),
    CONSTRAINT tile_index_check CHECK ((index >= 0)),
    CONSTRAINT tile_level_check CHECK (((level >= 0) AND (level <= 63)))
);

ALTER TABLE public.tile OWNER TO custody_owner;

CREATE TABLE public.timestamp_attempt (
    order_id uuid NOT NULL,
    authority text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    run_after timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    last_error text,
    alarmed_at timestamp with time zone
);

ALTER TABLE public.timestamp_attempt OWNER TO custody_owner;

CREATE TABLE public.timestamp_order (
    id uuid NOT NULL,
    size bigint NOT NULL,
    reason text NOT NULL,
    requested_by uuid,
    requested_at timestamp with time zone NOT NULL,
    CONSTRAINT timestamp_order_reason_check CHECK ((reason = ANY (ARRAY['daily'::text, 'demand'::text, 'package'::text])))
);

ALTER TABLE public.timestamp_order OWNER TO custody_owner;

CREATE TABLE public.timestamp_token (
    size bigint NOT NULL,
    authority text NOT NULL,
    response bytea NOT NULL,
    stamped_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);

ALTER TABLE public.timestamp_token OWNER TO custody_owner;

CREATE TABLE public.unknown_sign_in (
    address text NOT NULL,
    minute timestamp with time zone NOT NULL,
    refusals integer NOT NULL,
    CONSTRAINT unknown_sign_in_refusals_check CHECK ((refusals >= 1))
);

ALTER TABLE public.unknown_sign_in OWNER TO custody_owner;

CREATE TABLE public.upload (
    id uuid NOT NULL,
    dock_id uuid,
    hand_in_id uuid,
    device_serial text NOT NULL,
    name bytea NOT NULL,
    metadata text,
    bytes bigint NOT NULL,
    received_bytes bigint DEFAULT 0 NOT NULL,
    mark boolean NOT NULL,
    device_time timestamp with time zone,
    clock_offset_ms bigint,
    declared_sha256 bytea,
    sha256 bytea,
    state text NOT NULL,
    object_key text NOT NULL,
    multipart_id text,
    part_bytes bigint NOT NULL,
    version_id text,
    lease_holder uuid,
    lease_until timestamp with time zone,
    release_requested boolean DEFAULT false NOT NULL,
    recording_id uuid,
    created_at timestamp with time zone NOT NULL,
    last_byte_at timestamp with time zone,
    completed_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    cuts integer DEFAULT 0 NOT NULL,
    device_time_text text,
    dock_signature bytea,
    dock_sm3 bytea,
    CONSTRAINT upload_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT upload_check CHECK (((received_bytes >= 0) AND (received_bytes <= bytes))),
    CONSTRAINT upload_cuts_check CHECK ((cuts >= 0)),
    CONSTRAINT upload_declared_sha256_check CHECK ((octet_length(declared_sha256) = 32)),
    CONSTRAINT upload_dock_digest_check CHECK ((((dock_signature IS NULL) AND (dock_sm3 IS NULL)) OR ((dock_signature IS NOT NULL) AND (declared_sha256 IS NOT NULL)))),
    CONSTRAINT upload_dock_signature_check CHECK ((octet_length(dock_signature) = 64)),
    CONSTRAINT upload_dock_sm3_check CHECK ((octet_length(dock_sm3) = 32)),
    CONSTRAINT upload_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 1024))),
    CONSTRAINT upload_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT upload_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'complete'::text, 'sealed'::text, 'quarantined'::text, 'duplicate'::text, 'terminated'::text, 'expired'::text])))
);

ALTER TABLE public.upload OWNER TO custody_owner;

CREATE TABLE public.upload_part (
    upload_id uuid NOT NULL,
    number integer NOT NULL,
    bytes bigint NOT NULL,
    etag text NOT NULL,
    CONSTRAINT upload_part_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT upload_part_number_check CHECK (((number >= 1) AND (number <= 10000)))
);

ALTER TABLE public.upload_part OWNER TO custody_owner;

CREATE TABLE public.upload_tail (
    upload_id uuid NOT NULL,
    starts_at bigint NOT NULL,
    bytes bigint NOT NULL,
    object_key text NOT NULL,
    CONSTRAINT upload_tail_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT upload_tail_starts_at_check CHECK ((starts_at >= 0))
);

ALTER TABLE public.upload_tail OWNER TO custody_owner;

CREATE TABLE public.viewing (
    id uuid NOT NULL,
    recording_id uuid NOT NULL,
    rendition_id uuid NOT NULL,
    person_id uuid NOT NULL,
    session_hash bytea NOT NULL,
    purpose text NOT NULL,
    case_id uuid,
    opened_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_kind text,
    unwitnessed_since timestamp with time zone,
    CONSTRAINT viewing_end_kind_check CHECK ((end_kind = ANY (ARRAY['closed'::text, 'expired'::text, 'lost'::text])))
);

ALTER TABLE public.viewing OWNER TO custody_owner;

CREATE TABLE public.viewing_grant (
    viewing_id uuid NOT NULL,
    number integer NOT NULL,
    from_ms bigint NOT NULL,
    to_ms bigint NOT NULL,
    event_id uuid NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    CONSTRAINT viewing_grant_check CHECK ((to_ms > from_ms))
);

ALTER TABLE public.viewing_grant OWNER TO custody_owner;

CREATE TABLE public.viewing_served (
    id uuid NOT NULL,
    viewing_id uuid NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    from_ms bigint NOT NULL,
    to_ms bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    served_at timestamp with time zone NOT NULL,
    track integer DEFAULT 0 NOT NULL,
    CONSTRAINT viewing_served_kind_check CHECK ((kind = ANY (ARRAY['init'::text, 'segment'::text, 'thumbnail'::text, 'still'::text])))
);

ALTER TABLE public.viewing_served OWNER TO custody_owner;

CREATE TABLE public.volume_statement (
    event_id uuid NOT NULL,
    dock_id uuid NOT NULL,
    device_serial text NOT NULL,
    stated_at timestamp with time zone NOT NULL
);

ALTER TABLE public.volume_statement OWNER TO custody_owner;

CREATE TABLE public.witness_contact (
    name text NOT NULL,
    last_size bigint DEFAULT 0 NOT NULL,
    last_ok_at timestamp with time zone,
    last_try_at timestamp with time zone,
    last_error text,
    alarm text,
    alarmed_at timestamp with time zone
);

ALTER TABLE public.witness_contact OWNER TO custody_owner;

CREATE TABLE public.witnessed (
    size bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.witnessed OWNER TO custody_owner;

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_shutting
    ADD CONSTRAINT account_shutting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.act_seat
    ADD CONSTRAINT act_seat_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.archive_key
    ADD CONSTRAINT archive_key_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.archive_object
    ADD CONSTRAINT archive_object_pkey PRIMARY KEY (object_key);

ALTER TABLE ONLY public.archive_progress
    ADD CONSTRAINT archive_progress_pkey PRIMARY KEY (store);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_number_key UNIQUE (number);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_recording
    ADD CONSTRAINT case_recording_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (size);

ALTER TABLE ONLY public.clearing
    ADD CONSTRAINT clearing_dock_id_said_id_key UNIQUE (dock_id, said_id);

ALTER TABLE ONLY public.clearing_file
    ADD CONSTRAINT clearing_file_pkey PRIMARY KEY (clearing_id, number);

ALTER TABLE ONLY public.clearing_giving_up
    ADD CONSTRAINT clearing_giving_up_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.clearing
    ADD CONSTRAINT clearing_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.copy
    ADD CONSTRAINT copy_pkey PRIMARY KEY (recording_id, store);

ALTER TABLE ONLY public.cosignature
    ADD CONSTRAINT cosignature_pkey PRIMARY KEY (size, name, key_id);

ALTER TABLE ONLY public.custodian_handover
    ADD CONSTRAINT custodian_handover_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.custodian_handover_signature
    ADD CONSTRAINT custodian_handover_signature_handover_id_person_id_key UNIQUE (handover_id, person_id);

ALTER TABLE ONLY public.custodian_handover_signature
    ADD CONSTRAINT custodian_handover_signature_pkey PRIMARY KEY (handover_id, part);

ALTER TABLE ONLY public.custodian_term
    ADD CONSTRAINT custodian_term_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deputyship
    ADD CONSTRAINT deputyship_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device_act
    ADD CONSTRAINT device_act_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_serial_key UNIQUE (serial);

ALTER TABLE ONLY public.dock_code_lift
    ADD CONSTRAINT dock_code_lift_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.dock_enrolment
    ADD CONSTRAINT dock_enrolment_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.dock_enrolment
    ADD CONSTRAINT dock_enrolment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dock_identification
    ADD CONSTRAINT dock_identification_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.dock_pass
    ADD CONSTRAINT dock_pass_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dock
    ADD CONSTRAINT dock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dock_report
    ADD CONSTRAINT dock_report_pkey PRIMARY KEY (dock_id, said_id);

ALTER TABLE ONLY public.dock_state
    ADD CONSTRAINT dock_state_pkey PRIMARY KEY (dock_id);

ALTER TABLE ONLY public.dock
    ADD CONSTRAINT dock_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.download_answer
    ADD CONSTRAINT download_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enrolment_try
    ADD CONSTRAINT enrolment_try_pkey PRIMARY KEY (address);

ALTER TABLE ONLY public.event_archive_batch
    ADD CONSTRAINT event_archive_batch_pkey PRIMARY KEY (first);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_leaf_index_key UNIQUE (leaf_index);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event_time_rule
    ADD CONSTRAINT event_time_rule_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.event_writer
    ADD CONSTRAINT event_writer_pkey PRIMARY KEY (kind, alarm, role, actor);

ALTER TABLE ONLY public.fsck_finding
    ADD CONSTRAINT fsck_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gap_explanation
    ADD CONSTRAINT gap_explanation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_roster_line_id_key UNIQUE (roster_line_id);

ALTER TABLE ONLY public.hand_in_correction
    ADD CONSTRAINT hand_in_correction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hand_in_file
    ADD CONSTRAINT hand_in_file_pkey PRIMARY KEY (hand_in_id, number);

ALTER TABLE ONLY public.hand_in
    ADD CONSTRAINT hand_in_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hand_in_statement
    ADD CONSTRAINT hand_in_statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kysely_migration_lock
    ADD CONSTRAINT kysely_migration_lock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kysely_migration
    ADD CONSTRAINT kysely_migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.leaf
    ADD CONSTRAINT leaf_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.leaf
    ADD CONSTRAINT leaf_pkey PRIMARY KEY (index);

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.ledger_copy
    ADD CONSTRAINT ledger_copy_pkey PRIMARY KEY (store, object_key);

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (subject, n);

ALTER TABLE ONLY public.notice_seen
    ADD CONSTRAINT notice_seen_pkey PRIMARY KEY (person_id, notice_id);

ALTER TABLE ONLY public.custodian_term
    ADD CONSTRAINT one_custodian_at_any_instant EXCLUDE USING gist (tstzrange(started_at, ended_at) WITH &&);

ALTER TABLE ONLY public.package_download
    ADD CONSTRAINT package_download_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.package_download
    ADD CONSTRAINT package_download_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_code_key UNIQUE (code);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_account_key UNIQUE (account);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quarantine_proposal
    ADD CONSTRAINT quarantine_proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.receipt_due
    ADD CONSTRAINT receipt_due_pkey PRIMARY KEY (recording_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (recording_id);

ALTER TABLE ONLY public.recording_inventory
    ADD CONSTRAINT recording_inventory_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.recording_inventory
    ADD CONSTRAINT recording_inventory_object_key_key UNIQUE (object_key);

ALTER TABLE ONLY public.recording_inventory
    ADD CONSTRAINT recording_inventory_pkey PRIMARY KEY (recording_id, event_id);

ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rendition_file
    ADD CONSTRAINT rendition_file_pkey PRIMARY KEY (rendition_id, track, kind, number);

ALTER TABLE ONLY public.rendition
    ADD CONSTRAINT rendition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_object_key_key UNIQUE (object_key);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rendition_track
    ADD CONSTRAINT rendition_track_pkey PRIMARY KEY (rendition_id, track);

ALTER TABLE ONLY public.roster_line
    ADD CONSTRAINT roster_line_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_seal_number_key UNIQUE (seal_number);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.setting_version
    ADD CONSTRAINT setting_version_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.store_audit
    ADD CONSTRAINT store_audit_pkey PRIMARY KEY (store);

ALTER TABLE ONLY public.store_read
    ADD CONSTRAINT store_read_pkey PRIMARY KEY (store, request_id);

ALTER TABLE ONLY public.subject_secret
    ADD CONSTRAINT subject_secret_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.third_signature
    ADD CONSTRAINT third_signature_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tile
    ADD CONSTRAINT tile_pkey PRIMARY KEY (level, index);

ALTER TABLE ONLY public.timestamp_attempt
    ADD CONSTRAINT timestamp_attempt_pkey PRIMARY KEY (order_id, authority);

ALTER TABLE ONLY public.timestamp_order
    ADD CONSTRAINT timestamp_order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.timestamp_token
    ADD CONSTRAINT timestamp_token_pkey PRIMARY KEY (size, authority);

ALTER TABLE ONLY public.unknown_sign_in
    ADD CONSTRAINT unknown_sign_in_pkey PRIMARY KEY (address, minute);

ALTER TABLE ONLY public.upload_part
    ADD CONSTRAINT upload_part_pkey PRIMARY KEY (upload_id, number);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.upload_tail
    ADD CONSTRAINT upload_tail_pkey PRIMARY KEY (upload_id, starts_at);

ALTER TABLE ONLY public.viewing_grant
    ADD CONSTRAINT viewing_grant_pkey PRIMARY KEY (viewing_id, number);

ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT viewing_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.viewing_served
    ADD CONSTRAINT viewing_served_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.volume_statement
    ADD CONSTRAINT volume_statement_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.witness_contact
    ADD CONSTRAINT witness_contact_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.witnessed
    ADD CONSTRAINT witnessed_pkey PRIMARY KEY (size);

CREATE INDEX account_opening_person ON public.account_opening USING btree (person_id, made_at);

CREATE INDEX act_seat_marked ON public.act_seat USING btree (person_id, same_person_id) WHERE (same_person_id IS NOT NULL);

CREATE INDEX act_seat_matter ON public.act_seat USING btree (matter_id, acted_at);

CREATE INDEX archive_object_batch ON public.archive_object USING btree (batch_first);

CREATE UNIQUE INDEX attached_once ON public.case_recording USING btree (case_id, recording_id) WHERE (detached_at IS NULL);

CREATE INDEX case_party ON public.case_file USING btree (party_id);

CREATE INDEX case_recording_recording ON public.case_recording USING btree (recording_id);

CREATE INDEX clearing_left_open ON public.clearing USING btree (announced_at) WHERE (ended_at IS NULL);

CREATE INDEX clearing_of_hand_in ON public.clearing USING btree (hand_in_id);

CREATE INDEX clearing_of_recording ON public.clearing_file USING btree (recording_id);

CREATE INDEX code_lift_of_dock ON public.dock_code_lift USING btree (dock_id, lifted_at);

CREATE INDEX copy_object_key ON public.copy USING btree (object_key);

CREATE INDEX deputyship_deputy ON public.deputyship USING btree (deputy_id) WHERE (state = ANY (ARRAY['named'::text, 'signed'::text]));

CREATE INDEX deputyship_supervisor ON public.deputyship USING btree (supervisor_id) WHERE (state = ANY (ARRAY['named'::text, 'signed'::text]));

CREATE INDEX dock_identification_dock ON public.dock_identification USING btree (dock_id, at);

CREATE UNIQUE INDEX dock_pass_digest ON public.dock_pass USING btree (digest) WHERE (taken_back_at IS NULL);

CREATE UNIQUE INDEX dock_pass_person ON public.dock_pass USING btree (person_id, means) WHERE (taken_back_at IS NULL);

CREATE INDEX download_answer_seen ON public.download_answer USING btree (seen_at);

CREATE INDEX event_register_act ON public.event USING gin (subjects) WHERE ((kind ~ '^(person|device|dock|custodian)[.]'::text) OR (kind = 'hand_in.opened'::text));

CREATE INDEX event_subjects ON public.event USING gin (subjects);

CREATE INDEX event_without_leaf ON public.event USING btree (committed_at, id) WHERE (leaf_index IS NULL);

CREATE UNIQUE INDEX fsck_finding_open ON public.fsck_finding USING btree (check_code, subject) WHERE (gone_at IS NULL);

CREATE INDEX gap_explanation_gap ON public.gap_explanation USING btree (gap_id);

CREATE INDEX gap_explanation_unconfirmed ON public.gap_explanation USING btree (person_id) WHERE ((confirm_by IS NOT NULL) AND (confirmed_at IS NULL));

CREATE INDEX gap_hand_in ON public.gap USING btree (hand_in_id);

CREATE INDEX gap_person ON public.gap USING btree (person_id, found_at);

CREATE INDEX gap_undecided ON public.gap USING btree (due_at) WHERE (state <> ALL (ARRAY['accepted'::text, 'withdrawn'::text]));

CREATE INDEX giving_up_of_clearing ON public.clearing_giving_up USING btree (clearing_id);

CREATE INDEX hand_in_concerned ON public.hand_in USING btree (concerned_id, opened_at);

CREATE INDEX hand_in_numbered ON public.hand_in USING btree (device_serial, signed_at DESC) WHERE (running_number IS NOT NULL);

CREATE INDEX hand_in_numbers_unchecked ON public.hand_in USING btree (opened_at) WHERE (numbers_checked_at IS NULL);

CREATE INDEX hand_in_of_device ON public.hand_in USING btree (device_serial, opened_at DESC);

CREATE INDEX hand_in_opened ON public.hand_in USING btree (opened_at, id);

CREATE UNIQUE INDEX hand_in_signed ON public.hand_in USING btree (dock_id, signature);

CREATE INDEX hand_in_statement_hand_in ON public.hand_in_statement USING btree (hand_in_id);

CREATE UNIQUE INDEX job_pending_once ON public.job USING btree (name, subject_id) WHERE (state = 'pending'::text);

CREATE INDEX job_subject ON public.job USING btree (subject_id);

CREATE INDEX job_to_publish ON public.job USING btree (run_after) WHERE (state = 'pending'::text);

CREATE INDEX link_event ON public.link USING btree (event_id);

CREATE UNIQUE INDEX one_clearing_a_file ON public.clearing_file USING btree (hand_in_id, number) WHERE ((outcome IS NULL) OR (outcome = ANY (ARRAY['cleared'::text, 'outcome_unknown'::text])));

CREATE UNIQUE INDEX one_current_rendition ON public.rendition USING btree (recording_id) WHERE (state = ANY (ARRAY['running'::text, 'ready'::text, 'not_playable'::text]));

CREATE UNIQUE INDEX one_open_act_a_device ON public.device_act USING btree (device_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_change_a_device ON public.device_keeper_change USING btree (device_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_correction_a_hand_in ON public.hand_in_correction USING btree (hand_in_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_giving_up_a_clearing ON public.clearing_giving_up USING btree (clearing_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_handover ON public.custodian_handover USING btree ((true)) WHERE ((completed_at IS NULL) AND (withdrawn_at IS NULL));

CREATE UNIQUE INDEX one_open_proposal ON public.quarantine_proposal USING btree (recording_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_proposal_a_setting ON public.setting_version USING btree (key) WHERE (state = 'proposed'::text);

CREATE UNIQUE INDEX one_open_shutting_a_person ON public.account_shutting USING btree (person_id) WHERE (decided_at IS NULL);

CREATE UNIQUE INDEX one_open_supply ON public.rendition_supply USING btree (recording_id) WHERE (state = ANY (ARRAY['proposed'::text, 'making'::text]));

CREATE UNIQUE INDEX one_preview ON public.rendition USING btree (recording_id) WHERE (state = 'preview'::text);

CREATE INDEX package_case ON public.package USING btree (case_id);

CREATE INDEX package_download_package ON public.package_download USING btree (package_id);

CREATE INDEX quarantine_proposal_batch ON public.quarantine_proposal USING btree (batch_id) WHERE (batch_id IS NOT NULL);

CREATE INDEX recording_apart ON public.recording USING btree (device_serial, sha256) WHERE (quarantine_reason IS NOT NULL);

CREATE INDEX recording_officer ON public.recording USING btree (officer_id, sealed_at DESC);

CREATE UNIQUE INDEX recording_once ON public.recording USING btree (device_serial, sha256, bytes) WHERE (quarantine_reason IS NULL);

CREATE INDEX recording_quarantine ON public.recording USING btree (sealed_at) WHERE ((quarantine_reason IS NOT NULL) AND (quarantine_ended_at IS NULL));

CREATE INDEX recording_sealed_at ON public.recording USING btree (sealed_at DESC, id DESC);

CREATE INDEX rendition_file_object_key ON public.rendition_file USING btree (object_key);

CREATE INDEX roster_line_device ON public.roster_line USING btree (device_serial, starts_at) WHERE (withdrawn_at IS NULL);

CREATE INDEX roster_line_time ON public.roster_line USING btree (starts_at) WHERE (withdrawn_at IS NULL);

CREATE UNIQUE INDEX sealed_spare_closed ON public.sealed_spare USING btree (person_id) WHERE ((opened_at IS NULL) AND (replaced_at IS NULL) AND (confirmed_at IS NOT NULL));

CREATE UNIQUE INDEX sealed_spare_waiting ON public.sealed_spare USING btree (person_id) WHERE ((opened_at IS NULL) AND (replaced_at IS NULL) AND (confirmed_at IS NULL));

CREATE INDEX session_person ON public.session USING btree (person_id) WHERE (ended_at IS NULL);

CREATE INDEX setting_in_force ON public.setting_version USING btree (key, valid_from) WHERE (state = 'accepted'::text);

CREATE INDEX store_read_alarm ON public.store_read USING btree (store, credential, at) WHERE (alarm_id IS NOT NULL);

CREATE INDEX store_read_explained ON public.store_read USING btree (explained_by, object_key) WHERE (explained_by IS NOT NULL);

CREATE INDEX store_read_object ON public.store_read USING btree (object_key, store, at);

CREATE INDEX store_read_unjudged ON public.store_read USING btree (at) WHERE (judged_at IS NULL);

CREATE INDEX third_signature_matter ON public.third_signature USING btree (matter_id);

CREATE INDEX timestamp_attempt_undone ON public.timestamp_attempt USING btree (run_after) WHERE (done_at IS NULL);

CREATE INDEX upload_lease ON public.upload USING btree (lease_holder) WHERE (lease_holder IS NOT NULL);

CREATE INDEX upload_object_key ON public.upload USING btree (object_key);

CREATE INDEX upload_unfinished ON public.upload USING btree (state, expires_at) WHERE (state = ANY (ARRAY['receiving'::text, 'complete'::text]));

CREATE INDEX viewing_open ON public.viewing USING btree (lease_until) WHERE (ended_at IS NULL);

CREATE INDEX viewing_recording ON public.viewing USING btree (recording_id, opened_at DESC);

CREATE INDEX viewing_served_at ON public.viewing_served USING btree (served_at);

CREATE INDEX viewing_served_viewing ON public.viewing_served USING btree (viewing_id);

CREATE INDEX volume_statement_device ON public.volume_statement USING btree (dock_id, device_serial);

CREATE CONSTRAINT TRIGGER always_a_custodian AFTER INSERT OR DELETE OR UPDATE ON public.custodian_term DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.require_a_custodian();

CREATE TRIGGER archive_progress_notice AFTER INSERT OR UPDATE ON public.archive_progress FOR EACH STATEMENT EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER checkpoint_append_only BEFORE DELETE OR UPDATE ON public.checkpoint FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON public.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER checkpoint_notice AFTER INSERT ON public.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER cosignature_append_only BEFORE DELETE OR UPDATE ON public.cosignature FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER dock_enrolment_rule BEFORE INSERT ON public.event FOR EACH ROW WHEN (((new.kind = 'dock.registered'::text) AND (CURRENT_USER = 'custody_ingest'::name))) EXECUTE FUNCTION public.require_dock_enrolment();

CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER event_archive_batch_notice AFTER INSERT ON public.event_archive_batch FOR EACH STATEMENT EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER event_notice AFTER INSERT ON public.event FOR EACH STATEMENT WHEN ((NOT pg_try_advisory_xact_lock_shared(hashtextextended('event notices'::text, (0)::bigint)))) EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER event_writer_rule BEFORE INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION public.require_event_writer();

CREATE TRIGGER job_notice AFTER INSERT OR UPDATE OF run_after ON public.job FOR EACH STATEMENT EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER leaf_append_only BEFORE DELETE OR UPDATE ON public.leaf FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER leaf_no_truncate BEFORE TRUNCATE ON public.leaf FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER link_append_only BEFORE DELETE OR UPDATE ON public.link FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER link_no_truncate BEFORE TRUNCATE ON public.link FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER recording_inventory_append_only BEFORE DELETE OR UPDATE ON public.recording_inventory FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER rendition_change_by_access BEFORE UPDATE ON public.rendition FOR EACH ROW EXECUTE FUNCTION public.refuse_rendition_change_by_access();

CREATE TRIGGER supply_change_by_access BEFORE INSERT OR UPDATE ON public.rendition_supply FOR EACH ROW EXECUTE FUNCTION public.refuse_supply_change_by_access();

CREATE TRIGGER tile_no_truncate BEFORE TRUNCATE ON public.tile FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER timestamp_order_notice AFTER INSERT ON public.timestamp_order FOR EACH STATEMENT EXECUTE FUNCTION public.notify_readers();

CREATE TRIGGER timestamp_token_append_only BEFORE DELETE OR UPDATE ON public.timestamp_token FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

CREATE TRIGGER witnessed_append_only BEFORE DELETE OR UPDATE ON public.witnessed FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_spare_id_fkey FOREIGN KEY (spare_id) REFERENCES public.sealed_spare(id);

ALTER TABLE ONLY public.account_opening
    ADD CONSTRAINT account_opening_stopped_by_fkey FOREIGN KEY (stopped_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_shutting
    ADD CONSTRAINT account_shutting_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_shutting
    ADD CONSTRAINT account_shutting_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_shutting
    ADD CONSTRAINT account_shutting_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.act_seat
    ADD CONSTRAINT act_seat_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.act_seat
    ADD CONSTRAINT act_seat_same_person_id_fkey FOREIGN KEY (same_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.archive_object
    ADD CONSTRAINT archive_object_batch_first_fkey FOREIGN KEY (batch_first) REFERENCES public.event_archive_batch(first);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_party_id_fkey FOREIGN KEY (party_id) REFERENCES public.party(id);

ALTER TABLE ONLY public.case_recording
    ADD CONSTRAINT case_recording_attached_by_fkey FOREIGN KEY (attached_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_recording
    ADD CONSTRAINT case_recording_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id);

ALTER TABLE ONLY public.case_recording
    ADD CONSTRAINT case_recording_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.clearing
    ADD CONSTRAINT clearing_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.clearing
    ADD CONSTRAINT clearing_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.clearing_file
    ADD CONSTRAINT clearing_file_clearing_id_fkey FOREIGN KEY (clearing_id) REFERENCES public.clearing(id);

ALTER TABLE ONLY public.clearing_file
    ADD CONSTRAINT clearing_file_hand_in_id_number_fkey FOREIGN KEY (hand_in_id, number) REFERENCES public.hand_in_file(hand_in_id, number);

ALTER TABLE ONLY public.clearing_file
    ADD CONSTRAINT clearing_file_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.clearing_giving_up
    ADD CONSTRAINT clearing_giving_up_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.clearing_giving_up
    ADD CONSTRAINT clearing_giving_up_clearing_id_fkey FOREIGN KEY (clearing_id) REFERENCES public.clearing(id);

ALTER TABLE ONLY public.clearing_giving_up
    ADD CONSTRAINT clearing_giving_up_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.clearing
    ADD CONSTRAINT clearing_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.copy
    ADD CONSTRAINT copy_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.cosignature
    ADD CONSTRAINT cosignature_size_fkey FOREIGN KEY (size) REFERENCES public.checkpoint(size);

ALTER TABLE ONLY public.custodian_handover
    ADD CONSTRAINT custodian_handover_from_person_id_fkey FOREIGN KEY (from_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.custodian_handover
    ADD CONSTRAINT custodian_handover_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.custodian_handover_signature
    ADD CONSTRAINT custodian_handover_signature_handover_id_fkey FOREIGN KEY (handover_id) REFERENCES public.custodian_handover(id);

ALTER TABLE ONLY public.custodian_handover_signature
    ADD CONSTRAINT custodian_handover_signature_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.custodian_handover
    ADD CONSTRAINT custodian_handover_to_person_id_fkey FOREIGN KEY (to_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.custodian_term
    ADD CONSTRAINT custodian_term_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.deputyship
    ADD CONSTRAINT deputyship_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.deputyship
    ADD CONSTRAINT deputyship_deputy_id_fkey FOREIGN KEY (deputy_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.deputyship
    ADD CONSTRAINT deputyship_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.deputyship
    ADD CONSTRAINT deputyship_supervisor_id_fkey FOREIGN KEY (supervisor_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_act
    ADD CONSTRAINT device_act_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_act
    ADD CONSTRAINT device_act_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_act
    ADD CONSTRAINT device_act_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_holder_id_fkey FOREIGN KEY (holder_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_from_person_id_fkey FOREIGN KEY (from_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_keeper_change
    ADD CONSTRAINT device_keeper_change_to_person_id_fkey FOREIGN KEY (to_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_code_lift
    ADD CONSTRAINT dock_code_lift_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.dock_code_lift
    ADD CONSTRAINT dock_code_lift_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.dock_code_lift
    ADD CONSTRAINT dock_code_lift_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_enrolment
    ADD CONSTRAINT dock_enrolment_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_identification
    ADD CONSTRAINT dock_identification_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.dock_identification
    ADD CONSTRAINT dock_identification_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.dock_identification
    ADD CONSTRAINT dock_identification_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.dock_identification
    ADD CONSTRAINT dock_identification_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_pass
    ADD CONSTRAINT dock_pass_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_pass
    ADD CONSTRAINT dock_pass_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_pass
    ADD CONSTRAINT dock_pass_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_pass
    ADD CONSTRAINT dock_pass_taken_back_by_fkey FOREIGN KEY (taken_back_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock
    ADD CONSTRAINT dock_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dock_report
    ADD CONSTRAINT dock_report_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.dock_report
    ADD CONSTRAINT dock_report_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.dock_state
    ADD CONSTRAINT dock_state_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.download_answer
    ADD CONSTRAINT download_answer_download_id_fkey FOREIGN KEY (download_id) REFERENCES public.package_download(id);

ALTER TABLE ONLY public.fsck_finding
    ADD CONSTRAINT fsck_finding_alarm_id_fkey FOREIGN KEY (alarm_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.gap_explanation
    ADD CONSTRAINT gap_explanation_gap_id_fkey FOREIGN KEY (gap_id) REFERENCES public.gap(id);

ALTER TABLE ONLY public.gap_explanation
    ADD CONSTRAINT gap_explanation_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_roster_line_id_fkey FOREIGN KEY (roster_line_id) REFERENCES public.roster_line(id);

ALTER TABLE ONLY public.hand_in
    ADD CONSTRAINT hand_in_concerned_id_fkey FOREIGN KEY (concerned_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.hand_in_correction
    ADD CONSTRAINT hand_in_correction_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.hand_in_correction
    ADD CONSTRAINT hand_in_correction_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.hand_in_correction
    ADD CONSTRAINT hand_in_correction_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.hand_in_correction
    ADD CONSTRAINT hand_in_correction_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.hand_in
    ADD CONSTRAINT hand_in_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.hand_in_file
    ADD CONSTRAINT hand_in_file_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.hand_in_statement
    ADD CONSTRAINT hand_in_statement_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.hand_in_statement
    ADD CONSTRAINT hand_in_statement_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.hand_in
    ADD CONSTRAINT hand_in_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.leaf
    ADD CONSTRAINT leaf_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.notice_seen
    ADD CONSTRAINT notice_seen_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id);

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.package_download
    ADD CONSTRAINT package_download_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.package_download
    ADD CONSTRAINT package_download_package_id_fkey FOREIGN KEY (package_id) REFERENCES public.package(id);

ALTER TABLE ONLY public.package_download
    ADD CONSTRAINT package_download_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.quarantine_proposal
    ADD CONSTRAINT quarantine_proposal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.quarantine_proposal
    ADD CONSTRAINT quarantine_proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.quarantine_proposal
    ADD CONSTRAINT quarantine_proposal_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.receipt_due
    ADD CONSTRAINT receipt_due_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.recording_inventory
    ADD CONSTRAINT recording_inventory_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.recording_inventory
    ADD CONSTRAINT recording_inventory_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.rendition_file
    ADD CONSTRAINT rendition_file_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.rendition_file
    ADD CONSTRAINT rendition_file_rendition_id_fkey FOREIGN KEY (rendition_id) REFERENCES public.rendition(id);

ALTER TABLE ONLY public.rendition
    ADD CONSTRAINT rendition_ready_event_id_fkey FOREIGN KEY (ready_event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.rendition
    ADD CONSTRAINT rendition_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.rendition_supply
    ADD CONSTRAINT rendition_supply_rendition_id_fkey FOREIGN KEY (rendition_id) REFERENCES public.rendition(id);

ALTER TABLE ONLY public.rendition_track
    ADD CONSTRAINT rendition_track_rendition_id_fkey FOREIGN KEY (rendition_id) REFERENCES public.rendition(id);

ALTER TABLE ONLY public.roster_line
    ADD CONSTRAINT roster_line_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.roster_line
    ADD CONSTRAINT roster_line_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.roster_line
    ADD CONSTRAINT roster_line_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_sealed_by_fkey FOREIGN KEY (sealed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.sealed_spare
    ADD CONSTRAINT sealed_spare_with_person_id_fkey FOREIGN KEY (with_person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.setting_version
    ADD CONSTRAINT setting_version_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.setting_version
    ADD CONSTRAINT setting_version_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.store_read
    ADD CONSTRAINT store_read_alarm_id_fkey FOREIGN KEY (alarm_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.third_signature
    ADD CONSTRAINT third_signature_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.third_signature
    ADD CONSTRAINT third_signature_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.third_signature
    ADD CONSTRAINT third_signature_matter_id_fkey FOREIGN KEY (matter_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.timestamp_attempt
    ADD CONSTRAINT timestamp_attempt_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.timestamp_order(id);

ALTER TABLE ONLY public.timestamp_order
    ADD CONSTRAINT timestamp_order_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.timestamp_order
    ADD CONSTRAINT timestamp_order_size_fkey FOREIGN KEY (size) REFERENCES public.checkpoint(size);

ALTER TABLE ONLY public.timestamp_token
    ADD CONSTRAINT timestamp_token_size_fkey FOREIGN KEY (size) REFERENCES public.checkpoint(size);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_hand_in_id_fkey FOREIGN KEY (hand_in_id) REFERENCES public.hand_in(id);

ALTER TABLE ONLY public.upload_part
    ADD CONSTRAINT upload_part_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES public.upload(id);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.upload_tail
    ADD CONSTRAINT upload_tail_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES public.upload(id);

ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT viewing_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id);

ALTER TABLE ONLY public.viewing_grant
    ADD CONSTRAINT viewing_grant_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.viewing_grant
    ADD CONSTRAINT viewing_grant_viewing_id_fkey FOREIGN KEY (viewing_id) REFERENCES public.viewing(id);

ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT viewing_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT viewing_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id);

ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT viewing_rendition_id_fkey FOREIGN KEY (rendition_id) REFERENCES public.rendition(id);

ALTER TABLE ONLY public.viewing_served
    ADD CONSTRAINT viewing_served_viewing_id_fkey FOREIGN KEY (viewing_id) REFERENCES public.viewing(id);

ALTER TABLE ONLY public.volume_statement
    ADD CONSTRAINT volume_statement_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES public.dock(id);

ALTER TABLE ONLY public.volume_statement
    ADD CONSTRAINT volume_statement_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.witnessed
    ADD CONSTRAINT witnessed_size_fkey FOREIGN KEY (size) REFERENCES public.checkpoint(size);

GRANT USAGE ON SCHEMA public TO custody_ingest;
GRANT USAGE ON SCHEMA public TO custody_access;
GRANT USAGE ON SCHEMA public TO custody_worker;
GRANT USAGE ON SCHEMA public TO custody_sequencer;

GRANT SELECT,INSERT ON TABLE public.account_opening TO custody_access;

GRANT SELECT(id) ON TABLE public.account_opening TO custody_worker;

GRANT SELECT(person_id) ON TABLE public.account_opening TO custody_worker;

GRANT SELECT(cause) ON TABLE public.account_opening TO custody_worker;

GRANT SELECT(made_by) ON TABLE public.account_opening TO custody_worker;

GRANT SELECT(made_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(expires_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(expires_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(released_by) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(released_by) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(released_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(released_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(office) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(office) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(effective_from) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(effective_from) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(code_hash) ON TABLE public.account_opening TO custody_access;

GRANT UPDATE(code_expires_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(code_expires_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(confirmed_by) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(confirmed_by) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(confirmed_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(confirmed_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(stopped_by) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(stopped_by) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(stopped_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(stopped_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(used_at) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(used_at) ON TABLE public.account_opening TO custody_worker;

GRANT UPDATE(spare_id) ON TABLE public.account_opening TO custody_access;
GRANT SELECT(spare_id) ON TABLE public.account_opening TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.account_shutting TO custody_access;
GRANT SELECT ON TABLE public.account_shutting TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.account_shutting TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.account_shutting TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.account_shutting TO custody_access;

GRANT SELECT,INSERT ON TABLE public.act_seat TO custody_access;

GRANT SELECT(event_id) ON TABLE public.act_seat TO custody_worker;

GRANT SELECT(same_person_id) ON TABLE public.act_seat TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.archive_key TO custody_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.archive_object TO custody_worker;

GRANT SELECT ON TABLE public.archive_progress TO custody_access;
GRANT SELECT,INSERT,UPDATE ON TABLE public.archive_progress TO custody_worker;

GRANT SELECT(store) ON TABLE public.archive_progress TO custody_ingest;

GRANT SELECT(archived_to) ON TABLE public.archive_progress TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.case_file TO custody_access;
GRANT SELECT ON TABLE public.case_file TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.case_recording TO custody_access;
GRANT SELECT ON TABLE public.case_recording TO custody_worker;

GRANT UPDATE(detached_at) ON TABLE public.case_recording TO custody_access;

GRANT SELECT ON TABLE public.checkpoint TO custody_access;
GRANT SELECT ON TABLE public.checkpoint TO custody_worker;
GRANT SELECT,INSERT ON TABLE public.checkpoint TO custody_sequencer;
GRANT SELECT ON TABLE public.checkpoint TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.clearing TO custody_ingest;
GRANT SELECT ON TABLE public.clearing TO custody_access;
GRANT SELECT ON TABLE public.clearing TO custody_worker;

GRANT UPDATE(ended_at) ON TABLE public.clearing TO custody_ingest;

GRANT UPDATE(given_up_at) ON TABLE public.clearing TO custody_access;

GRANT SELECT,INSERT ON TABLE public.clearing_file TO custody_ingest;
GRANT SELECT ON TABLE public.clearing_file TO custody_access;
GRANT SELECT ON TABLE public.clearing_file TO custody_worker;

GRANT UPDATE(outcome) ON TABLE public.clearing_file TO custody_ingest;
GRANT UPDATE(outcome) ON TABLE public.clearing_file TO custody_access;

GRANT SELECT,INSERT ON TABLE public.clearing_giving_up TO custody_access;
GRANT SELECT ON TABLE public.clearing_giving_up TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.clearing_giving_up TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.clearing_giving_up TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.clearing_giving_up TO custody_access;

GRANT INSERT ON TABLE public.copy TO custody_ingest;
GRANT SELECT ON TABLE public.copy TO custody_access;
GRANT SELECT,INSERT,UPDATE ON TABLE public.copy TO custody_worker;

GRANT SELECT(recording_id) ON TABLE public.copy TO custody_ingest;

GRANT SELECT(store) ON TABLE public.copy TO custody_ingest;

GRANT SELECT(state) ON TABLE public.copy TO custody_ingest;

GRANT SELECT(verified_at) ON TABLE public.copy TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.cosignature TO custody_access;
GRANT SELECT,INSERT ON TABLE public.cosignature TO custody_worker;
GRANT SELECT ON TABLE public.cosignature TO custody_ingest;
GRANT SELECT ON TABLE public.cosignature TO custody_sequencer;

GRANT SELECT,INSERT ON TABLE public.custodian_handover TO custody_access;
GRANT SELECT ON TABLE public.custodian_handover TO custody_worker;

GRANT UPDATE(completed_at) ON TABLE public.custodian_handover TO custody_access;

GRANT UPDATE(withdrawn_at) ON TABLE public.custodian_handover TO custody_access;

GRANT SELECT,INSERT ON TABLE public.custodian_handover_signature TO custody_access;
GRANT SELECT ON TABLE public.custodian_handover_signature TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.custodian_term TO custody_access;
GRANT SELECT ON TABLE public.custodian_term TO custody_worker;

GRANT UPDATE(ended_at) ON TABLE public.custodian_term TO custody_access;

GRANT SELECT,INSERT ON TABLE public.deputyship TO custody_access;
GRANT SELECT ON TABLE public.deputyship TO custody_worker;

GRANT UPDATE(state) ON TABLE public.deputyship TO custody_access;

GRANT UPDATE(decided_by) ON TABLE public.deputyship TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.deputyship TO custody_access;

GRANT UPDATE(ended_by) ON TABLE public.deputyship TO custody_access;

GRANT UPDATE(ended_at) ON TABLE public.deputyship TO custody_access;

GRANT SELECT,INSERT ON TABLE public.device TO custody_access;
GRANT SELECT ON TABLE public.device TO custody_worker;

GRANT SELECT(id) ON TABLE public.device TO custody_ingest;

GRANT SELECT(serial) ON TABLE public.device TO custody_ingest;

GRANT SELECT(kind) ON TABLE public.device TO custody_ingest;

GRANT SELECT(model) ON TABLE public.device TO custody_ingest;

GRANT UPDATE(holder_id) ON TABLE public.device TO custody_access;
GRANT SELECT(holder_id) ON TABLE public.device TO custody_ingest;

GRANT UPDATE(state) ON TABLE public.device TO custody_access;
GRANT SELECT(state) ON TABLE public.device TO custody_ingest;

GRANT SELECT(registered_at) ON TABLE public.device TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.device_act TO custody_access;
GRANT SELECT ON TABLE public.device_act TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.device_act TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.device_act TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.device_act TO custody_access;

GRANT SELECT,INSERT ON TABLE public.device_keeper_change TO custody_access;
GRANT SELECT ON TABLE public.device_keeper_change TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.device_keeper_change TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.device_keeper_change TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.device_keeper_change TO custody_access;

GRANT SELECT,INSERT ON TABLE public.dock TO custody_access;
GRANT SELECT ON TABLE public.dock TO custody_worker;

GRANT SELECT(id),INSERT(id) ON TABLE public.dock TO custody_ingest;

GRANT SELECT(name),INSERT(name) ON TABLE public.dock TO custody_ingest;

GRANT SELECT(token_hash),INSERT(token_hash) ON TABLE public.dock TO custody_ingest;

GRANT SELECT(public_key),INSERT(public_key) ON TABLE public.dock TO custody_ingest;

GRANT INSERT(registered_at) ON TABLE public.dock TO custody_ingest;

GRANT UPDATE(revoked_at) ON TABLE public.dock TO custody_access;
GRANT SELECT(revoked_at) ON TABLE public.dock TO custody_ingest;

GRANT UPDATE(released_by) ON TABLE public.dock TO custody_access;

GRANT UPDATE(released_at) ON TABLE public.dock TO custody_access;
GRANT SELECT(released_at) ON TABLE public.dock TO custody_ingest;

GRANT SELECT ON TABLE public.dock_code_lift TO custody_ingest;
GRANT SELECT ON TABLE public.dock_code_lift TO custody_worker;
GRANT SELECT,INSERT ON TABLE public.dock_code_lift TO custody_access;

GRANT INSERT ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT ON TABLE public.dock_enrolment TO custody_ingest;

GRANT SELECT(id) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(id) ON TABLE public.dock_enrolment TO custody_worker;

GRANT SELECT(name) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(name) ON TABLE public.dock_enrolment TO custody_worker;

GRANT SELECT(made_by) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(made_by) ON TABLE public.dock_enrolment TO custody_worker;

GRANT SELECT(made_at) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(made_at) ON TABLE public.dock_enrolment TO custody_worker;

GRANT SELECT(expires_at) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(expires_at) ON TABLE public.dock_enrolment TO custody_worker;

GRANT SELECT(used_at) ON TABLE public.dock_enrolment TO custody_access;
GRANT SELECT(used_at) ON TABLE public.dock_enrolment TO custody_worker;
GRANT UPDATE(used_at) ON TABLE public.dock_enrolment TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.dock_identification TO custody_ingest;
GRANT SELECT ON TABLE public.dock_identification TO custody_access;
GRANT SELECT ON TABLE public.dock_identification TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.dock_pass TO custody_access;

GRANT SELECT(id) ON TABLE public.dock_pass TO custody_ingest;
GRANT SELECT(id) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(person_id) ON TABLE public.dock_pass TO custody_ingest;
GRANT SELECT(person_id) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(means) ON TABLE public.dock_pass TO custody_ingest;
GRANT SELECT(means) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(digest) ON TABLE public.dock_pass TO custody_ingest;

GRANT SELECT(given_by) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(given_at) ON TABLE public.dock_pass TO custody_worker;

GRANT UPDATE(released_by) ON TABLE public.dock_pass TO custody_access;
GRANT SELECT(released_by) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(released_at) ON TABLE public.dock_pass TO custody_ingest;
GRANT UPDATE(released_at) ON TABLE public.dock_pass TO custody_access;
GRANT SELECT(released_at) ON TABLE public.dock_pass TO custody_worker;

GRANT UPDATE(taken_back_by) ON TABLE public.dock_pass TO custody_access;
GRANT SELECT(taken_back_by) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT(taken_back_at) ON TABLE public.dock_pass TO custody_ingest;
GRANT UPDATE(taken_back_at) ON TABLE public.dock_pass TO custody_access;
GRANT SELECT(taken_back_at) ON TABLE public.dock_pass TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.dock_report TO custody_ingest;
GRANT SELECT ON TABLE public.dock_report TO custody_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.dock_state TO custody_ingest;
GRANT SELECT ON TABLE public.dock_state TO custody_access;

GRANT SELECT,INSERT,DELETE ON TABLE public.download_answer TO custody_access;
GRANT SELECT,DELETE ON TABLE public.download_answer TO custody_worker;

GRANT UPDATE(sent_bytes) ON TABLE public.download_answer TO custody_access;

GRANT UPDATE(seen_at) ON TABLE public.download_answer TO custody_access;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment_try TO custody_ingest;

GRANT SELECT ON TABLE public.event TO custody_access;
GRANT SELECT ON TABLE public.event TO custody_worker;

GRANT SELECT(id),INSERT(id) ON TABLE public.event TO custody_ingest;
GRANT INSERT(id) ON TABLE public.event TO custody_access;
GRANT INSERT(id) ON TABLE public.event TO custody_worker;
GRANT SELECT(id) ON TABLE public.event TO custody_sequencer;

GRANT SELECT(kind),INSERT(kind) ON TABLE public.event TO custody_ingest;
GRANT INSERT(kind) ON TABLE public.event TO custody_access;
GRANT INSERT(kind) ON TABLE public.event TO custody_worker;

GRANT INSERT(at) ON TABLE public.event TO custody_ingest;
GRANT INSERT(at) ON TABLE public.event TO custody_access;
GRANT INSERT(at) ON TABLE public.event TO custody_worker;

GRANT INSERT(body) ON TABLE public.event TO custody_ingest;
GRANT INSERT(body) ON TABLE public.event TO custody_access;
GRANT INSERT(body) ON TABLE public.event TO custody_worker;

GRANT INSERT(salt) ON TABLE public.event TO custody_ingest;
GRANT INSERT(salt) ON TABLE public.event TO custody_access;
GRANT INSERT(salt) ON TABLE public.event TO custody_worker;

GRANT INSERT(commitment) ON TABLE public.event TO custody_ingest;
GRANT INSERT(commitment) ON TABLE public.event TO custody_access;
GRANT INSERT(commitment) ON TABLE public.event TO custody_worker;
GRANT SELECT(commitment) ON TABLE public.event TO custody_sequencer;

GRANT SELECT(subjects),INSERT(subjects) ON TABLE public.event TO custody_ingest;
GRANT INSERT(subjects) ON TABLE public.event TO custody_access;
GRANT INSERT(subjects) ON TABLE public.event TO custody_worker;
GRANT SELECT(subjects) ON TABLE public.event TO custody_sequencer;

GRANT SELECT(committed_at) ON TABLE public.event TO custody_ingest;
GRANT SELECT(committed_at) ON TABLE public.event TO custody_sequencer;

GRANT SELECT(leaf_index),UPDATE(leaf_index) ON TABLE public.event TO custody_sequencer;
GRANT SELECT(leaf_index) ON TABLE public.event TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.event_archive_batch TO custody_worker;

GRANT SELECT ON TABLE public.event_time_rule TO custody_access;
GRANT SELECT ON TABLE public.event_time_rule TO custody_worker;
GRANT SELECT ON TABLE public.event_time_rule TO custody_ingest;
GRANT SELECT ON TABLE public.event_time_rule TO custody_sequencer;

GRANT SELECT ON TABLE public.event_writer TO custody_access;
GRANT SELECT ON TABLE public.event_writer TO custody_worker;
GRANT SELECT ON TABLE public.event_writer TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.fsck_finding TO custody_worker;
GRANT SELECT ON TABLE public.fsck_finding TO custody_access;

GRANT UPDATE(gone_at) ON TABLE public.fsck_finding TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.gap TO custody_ingest;
GRANT SELECT ON TABLE public.gap TO custody_access;
GRANT SELECT,INSERT ON TABLE public.gap TO custody_worker;

GRANT UPDATE(due_at) ON TABLE public.gap TO custody_access;

GRANT UPDATE(state) ON TABLE public.gap TO custody_ingest;
GRANT UPDATE(state) ON TABLE public.gap TO custody_access;
GRANT UPDATE(state) ON TABLE public.gap TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.gap TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.gap TO custody_access;

GRANT UPDATE(decision_reason) ON TABLE public.gap TO custody_access;

GRANT SELECT,INSERT ON TABLE public.gap_explanation TO custody_ingest;
GRANT SELECT,INSERT ON TABLE public.gap_explanation TO custody_access;
GRANT SELECT ON TABLE public.gap_explanation TO custody_worker;

GRANT UPDATE(confirmed_at) ON TABLE public.gap_explanation TO custody_access;

GRANT UPDATE(is_own) ON TABLE public.gap_explanation TO custody_access;

GRANT SELECT,INSERT ON TABLE public.hand_in TO custody_ingest;
GRANT SELECT ON TABLE public.hand_in TO custody_access;
GRANT SELECT ON TABLE public.hand_in TO custody_worker;

GRANT UPDATE(numbers_checked_at) ON TABLE public.hand_in TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.hand_in_correction TO custody_access;
GRANT SELECT ON TABLE public.hand_in_correction TO custody_worker;

GRANT SELECT(hand_in_id) ON TABLE public.hand_in_correction TO custody_ingest;

GRANT SELECT(device_serial) ON TABLE public.hand_in_correction TO custody_ingest;

GRANT SELECT(user_id) ON TABLE public.hand_in_correction TO custody_ingest;

GRANT UPDATE(decided_by) ON TABLE public.hand_in_correction TO custody_access;

GRANT SELECT(decided_at) ON TABLE public.hand_in_correction TO custody_ingest;
GRANT UPDATE(decided_at) ON TABLE public.hand_in_correction TO custody_access;

GRANT SELECT(confirmed) ON TABLE public.hand_in_correction TO custody_ingest;
GRANT UPDATE(confirmed) ON TABLE public.hand_in_correction TO custody_access;

GRANT SELECT,INSERT ON TABLE public.hand_in_file TO custody_ingest;
GRANT SELECT ON TABLE public.hand_in_file TO custody_access;
GRANT SELECT ON TABLE public.hand_in_file TO custody_worker;

GRANT UPDATE(upload_id) ON TABLE public.hand_in_file TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.hand_in_statement TO custody_ingest;
GRANT SELECT ON TABLE public.hand_in_statement TO custody_access;
GRANT SELECT ON TABLE public.hand_in_statement TO custody_worker;

GRANT INSERT ON TABLE public.job TO custody_ingest;
GRANT SELECT,INSERT ON TABLE public.job TO custody_access;
GRANT SELECT,INSERT ON TABLE public.job TO custody_worker;
GRANT INSERT ON TABLE public.job TO custody_sequencer;

GRANT UPDATE(state) ON TABLE public.job TO custody_worker;

GRANT UPDATE(attempts) ON TABLE public.job TO custody_worker;

GRANT UPDATE(run_after) ON TABLE public.job TO custody_worker;

GRANT UPDATE(published_at) ON TABLE public.job TO custody_worker;

GRANT UPDATE(last_error) ON TABLE public.job TO custody_worker;

GRANT UPDATE(finished_at) ON TABLE public.job TO custody_worker;

GRANT SELECT ON TABLE public.kysely_migration TO custody_access;
GRANT SELECT ON TABLE public.kysely_migration TO custody_worker;
GRANT SELECT ON TABLE public.kysely_migration TO custody_ingest;
GRANT SELECT ON TABLE public.kysely_migration TO custody_sequencer;

GRANT SELECT ON TABLE public.leaf TO custody_access;
GRANT SELECT ON TABLE public.leaf TO custody_worker;
GRANT SELECT,INSERT ON TABLE public.leaf TO custody_sequencer;
GRANT SELECT ON TABLE public.leaf TO custody_ingest;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lease TO custody_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lease TO custody_sequencer;

GRANT SELECT,INSERT ON TABLE public.ledger_copy TO custody_worker;

GRANT SELECT ON TABLE public.link TO custody_access;
GRANT SELECT ON TABLE public.link TO custody_worker;
GRANT SELECT,INSERT ON TABLE public.link TO custody_sequencer;

GRANT SELECT,INSERT ON TABLE public.notice_seen TO custody_access;
GRANT SELECT ON TABLE public.notice_seen TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.package TO custody_access;
GRANT SELECT ON TABLE public.package TO custody_worker;

GRANT UPDATE(state) ON TABLE public.package TO custody_access;
GRANT UPDATE(state) ON TABLE public.package TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.package TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.package TO custody_access;

GRANT UPDATE(bytes_done) ON TABLE public.package TO custody_worker;

GRANT UPDATE(bytes_total) ON TABLE public.package TO custody_worker;

GRANT UPDATE(checkpoint_size) ON TABLE public.package TO custody_worker;

GRANT UPDATE(multipart_id) ON TABLE public.package TO custody_worker;

GRANT UPDATE(object_key) ON TABLE public.package TO custody_worker;

GRANT UPDATE(version_id) ON TABLE public.package TO custody_worker;

GRANT UPDATE(bytes) ON TABLE public.package TO custody_worker;

GRANT UPDATE(sha256) ON TABLE public.package TO custody_worker;

GRANT UPDATE(failure) ON TABLE public.package TO custody_worker;

GRANT UPDATE(ready_at) ON TABLE public.package TO custody_worker;

GRANT UPDATE(expires_at) ON TABLE public.package TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.package_download TO custody_access;
GRANT SELECT ON TABLE public.package_download TO custody_worker;

GRANT UPDATE(sent_bytes) ON TABLE public.package_download TO custody_access;
GRANT UPDATE(sent_bytes) ON TABLE public.package_download TO custody_worker;

GRANT UPDATE(ended_at) ON TABLE public.package_download TO custody_access;
GRANT UPDATE(ended_at) ON TABLE public.package_download TO custody_worker;

GRANT UPDATE(ended_why) ON TABLE public.package_download TO custody_access;
GRANT UPDATE(ended_why) ON TABLE public.package_download TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.party TO custody_access;
GRANT SELECT ON TABLE public.party TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.person TO custody_access;

GRANT SELECT(id) ON TABLE public.person TO custody_worker;
GRANT SELECT(id) ON TABLE public.person TO custody_ingest;

GRANT SELECT(name) ON TABLE public.person TO custody_worker;
GRANT SELECT(name) ON TABLE public.person TO custody_ingest;

GRANT SELECT(role) ON TABLE public.person TO custody_worker;
GRANT SELECT(role) ON TABLE public.person TO custody_ingest;

GRANT SELECT(account) ON TABLE public.person TO custody_worker;

GRANT SELECT(officer_number) ON TABLE public.person TO custody_worker;
GRANT SELECT(officer_number) ON TABLE public.person TO custody_ingest;

GRANT SELECT(certificate_number) ON TABLE public.person TO custody_worker;
GRANT SELECT(certificate_number) ON TABLE public.person TO custody_ingest;

GRANT UPDATE(password_hash) ON TABLE public.person TO custody_access;

GRANT UPDATE(must_change_password) ON TABLE public.person TO custody_access;

GRANT UPDATE(awaits_release) ON TABLE public.person TO custody_access;
GRANT SELECT(awaits_release) ON TABLE public.person TO custody_worker;

GRANT UPDATE(failed_sign_ins) ON TABLE public.person TO custody_access;

GRANT UPDATE(locked_until) ON TABLE public.person TO custody_access;

GRANT UPDATE(disabled_at) ON TABLE public.person TO custody_access;
GRANT SELECT(disabled_at) ON TABLE public.person TO custody_worker;
GRANT SELECT(disabled_at) ON TABLE public.person TO custody_ingest;

GRANT SELECT(created_at) ON TABLE public.person TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.quarantine_proposal TO custody_access;
GRANT SELECT ON TABLE public.quarantine_proposal TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.quarantine_proposal TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.quarantine_proposal TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.quarantine_proposal TO custody_access;

GRANT SELECT ON TABLE public.receipt TO custody_access;
GRANT SELECT,INSERT ON TABLE public.receipt TO custody_worker;

GRANT SELECT(recording_id) ON TABLE public.receipt TO custody_ingest;

GRANT SELECT(event_id) ON TABLE public.receipt TO custody_ingest;

GRANT SELECT(issued_at) ON TABLE public.receipt TO custody_ingest;

GRANT SELECT ON TABLE public.receipt_due TO custody_access;
GRANT SELECT,INSERT,DELETE ON TABLE public.receipt_due TO custody_worker;

GRANT SELECT ON TABLE public.receipt_event TO custody_ingest;
GRANT SELECT ON TABLE public.receipt_event TO custody_access;

GRANT INSERT ON TABLE public.recording TO custody_ingest;
GRANT SELECT ON TABLE public.recording TO custody_access;
GRANT SELECT ON TABLE public.recording TO custody_worker;

GRANT SELECT(id) ON TABLE public.recording TO custody_ingest;

GRANT SELECT(hand_in_id) ON TABLE public.recording TO custody_ingest;

GRANT SELECT(device_serial) ON TABLE public.recording TO custody_ingest;

GRANT SELECT(bytes) ON TABLE public.recording TO custody_ingest;

GRANT SELECT(sha256) ON TABLE public.recording TO custody_ingest;

GRANT UPDATE(sm3) ON TABLE public.recording TO custody_worker;

GRANT UPDATE(flags) ON TABLE public.recording TO custody_worker;

GRANT UPDATE(state) ON TABLE public.recording TO custody_worker;
GRANT SELECT(state) ON TABLE public.recording TO custody_ingest;

GRANT UPDATE(quarantine_reason) ON TABLE public.recording TO custody_access;
GRANT SELECT(quarantine_reason) ON TABLE public.recording TO custody_ingest;

GRANT UPDATE(quarantine_ended_at) ON TABLE public.recording TO custody_access;

GRANT SELECT(sealed_at) ON TABLE public.recording TO custody_ingest;

GRANT UPDATE(secured_at) ON TABLE public.recording TO custody_worker;

GRANT SELECT ON TABLE public.recording_inventory TO custody_access;
GRANT SELECT,INSERT ON TABLE public.recording_inventory TO custody_worker;

GRANT SELECT ON TABLE public.rendition TO custody_access;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rendition TO custody_worker;

GRANT UPDATE(state) ON TABLE public.rendition TO custody_access;

GRANT SELECT ON TABLE public.rendition_file TO custody_access;
GRANT SELECT,INSERT ON TABLE public.rendition_file TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.rendition_supply TO custody_access;
GRANT SELECT ON TABLE public.rendition_supply TO custody_worker;

GRANT UPDATE(state) ON TABLE public.rendition_supply TO custody_access;
GRANT UPDATE(state) ON TABLE public.rendition_supply TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.rendition_supply TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.rendition_supply TO custody_access;

GRANT UPDATE(reason) ON TABLE public.rendition_supply TO custody_access;

GRANT UPDATE(failure) ON TABLE public.rendition_supply TO custody_worker;

GRANT SELECT ON TABLE public.rendition_track TO custody_access;
GRANT SELECT,INSERT ON TABLE public.rendition_track TO custody_worker;

GRANT UPDATE(codecs) ON TABLE public.rendition_track TO custody_worker;

GRANT UPDATE(duration_ms) ON TABLE public.rendition_track TO custody_worker;

GRANT SELECT ON TABLE public.roster_line TO custody_ingest;
GRANT SELECT,INSERT ON TABLE public.roster_line TO custody_access;
GRANT SELECT ON TABLE public.roster_line TO custody_worker;

GRANT UPDATE(withdrawn_by) ON TABLE public.roster_line TO custody_access;

GRANT UPDATE(withdrawn_at) ON TABLE public.roster_line TO custody_access;

GRANT SELECT,INSERT ON TABLE public.sealed_spare TO custody_access;

GRANT SELECT(id) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(person_id) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(seal_number) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(place) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(sealed_by) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(sealed_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT(with_person_id) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(confirmed_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(confirmed_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(asked_by) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(asked_by) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(asked_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(asked_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(opened_by) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(opened_by) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(opened_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(opened_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(expires_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(expires_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(used_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(used_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT UPDATE(replaced_at) ON TABLE public.sealed_spare TO custody_access;
GRANT SELECT(replaced_at) ON TABLE public.sealed_spare TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.session TO custody_access;

GRANT SELECT(token_hash) ON TABLE public.session TO custody_worker;

GRANT SELECT(person_id) ON TABLE public.session TO custody_worker;

GRANT UPDATE(last_seen_at) ON TABLE public.session TO custody_access;

GRANT UPDATE(ended_at) ON TABLE public.session TO custody_access;
GRANT SELECT(ended_at) ON TABLE public.session TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.setting_version TO custody_access;
GRANT SELECT ON TABLE public.setting_version TO custody_worker;
GRANT SELECT ON TABLE public.setting_version TO custody_ingest;

GRANT UPDATE(valid_from) ON TABLE public.setting_version TO custody_access;

GRANT UPDATE(state) ON TABLE public.setting_version TO custody_access;

GRANT UPDATE(decided_by) ON TABLE public.setting_version TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.setting_version TO custody_access;

GRANT SELECT,INSERT,UPDATE ON TABLE public.store_audit TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.store_read TO custody_worker;

GRANT UPDATE(explained_by) ON TABLE public.store_read TO custody_worker;

GRANT UPDATE(alarm_id) ON TABLE public.store_read TO custody_worker;

GRANT UPDATE(judged_at) ON TABLE public.store_read TO custody_worker;

GRANT SELECT ON TABLE public.subject_secret TO custody_access;
GRANT SELECT ON TABLE public.subject_secret TO custody_worker;
GRANT SELECT,INSERT ON TABLE public.subject_secret TO custody_sequencer;

GRANT UPDATE(mac) ON TABLE public.subject_secret TO custody_sequencer;

GRANT SELECT,INSERT ON TABLE public.third_signature TO custody_access;
GRANT SELECT ON TABLE public.third_signature TO custody_worker;

GRANT UPDATE(decided_by) ON TABLE public.third_signature TO custody_access;

GRANT UPDATE(decided_at) ON TABLE public.third_signature TO custody_access;

GRANT UPDATE(confirmed) ON TABLE public.third_signature TO custody_access;

GRANT SELECT ON TABLE public.tile TO custody_access;
GRANT SELECT ON TABLE public.tile TO custody_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tile TO custody_sequencer;
GRANT SELECT ON TABLE public.tile TO custody_ingest;

GRANT SELECT,INSERT ON TABLE public.timestamp_attempt TO custody_access;
GRANT SELECT,INSERT,UPDATE ON TABLE public.timestamp_attempt TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.timestamp_order TO custody_access;
GRANT SELECT,INSERT ON TABLE public.timestamp_order TO custody_worker;

GRANT SELECT ON TABLE public.timestamp_token TO custody_access;
GRANT SELECT,INSERT ON TABLE public.timestamp_token TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.unknown_sign_in TO custody_access;
GRANT SELECT,DELETE ON TABLE public.unknown_sign_in TO custody_worker;

GRANT UPDATE(refusals) ON TABLE public.unknown_sign_in TO custody_access;

GRANT SELECT,INSERT,UPDATE ON TABLE public.upload TO custody_ingest;
GRANT SELECT ON TABLE public.upload TO custody_access;
GRANT SELECT,UPDATE ON TABLE public.upload TO custody_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.upload_part TO custody_ingest;
GRANT SELECT ON TABLE public.upload_part TO custody_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.upload_tail TO custody_ingest;
GRANT SELECT,DELETE ON TABLE public.upload_tail TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.viewing TO custody_access;
GRANT SELECT ON TABLE public.viewing TO custody_worker;

GRANT UPDATE(lease_until) ON TABLE public.viewing TO custody_access;

GRANT UPDATE(ended_at) ON TABLE public.viewing TO custody_access;
GRANT UPDATE(ended_at) ON TABLE public.viewing TO custody_worker;

GRANT UPDATE(end_kind) ON TABLE public.viewing TO custody_access;
GRANT UPDATE(end_kind) ON TABLE public.viewing TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.viewing_grant TO custody_access;
GRANT SELECT ON TABLE public.viewing_grant TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.viewing_served TO custody_access;
GRANT SELECT ON TABLE public.viewing_served TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.volume_statement TO custody_ingest;
GRANT SELECT ON TABLE public.volume_statement TO custody_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.witness_contact TO custody_access;
GRANT SELECT,INSERT,UPDATE ON TABLE public.witness_contact TO custody_worker;

GRANT SELECT,INSERT ON TABLE public.witnessed TO custody_access;
GRANT SELECT,INSERT ON TABLE public.witnessed TO custody_worker;
GRANT SELECT ON TABLE public.witnessed TO custody_ingest;
GRANT SELECT ON TABLE public.witnessed TO custody_sequencer;
