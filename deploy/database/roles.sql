-- The login roles of the services and the database they share. Run once by a superuser; running it again only sets the
-- passwords anew. What each role may do with the tables is granted by the migrations (0006, 0024 and later): the owner's
-- role changes the schema (custody migrate), the services' roles never do.
--
-- The passwords come in as settings of the session, so that they stand in no command line and no log:
--   select set_config('custody.owner_password', '…', false);  … the same for ingest, access, worker, sequencer
-- deploy/database/roles.sh does this from secret files; deploy/local/stack.ts does it for the local stack.

do $$
declare
  service text;
  password text;
begin
  foreach service in array array['owner', 'ingest', 'access', 'worker', 'sequencer'] loop
    password := current_setting('custody.' || service || '_password', true);
    if password is null or length(password) < 16 then
      raise exception 'custody.%_password is not set, or shorter than 16 characters', service;
    end if;
    if not exists (select from pg_roles where rolname = 'custody_' || service) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole', 'custody_' || service);
      execute format('comment on role %I is %L', 'custody_' || service, current_setting('custody.role_comment', true));
    end if;
    execute format('alter role %I password %L', 'custody_' || service, password);
  end loop;
end
$$;
