#!/bin/sh
# Makes the services' roles and the database `custody`, from secret files. Runs inside the postgres container at its
# first start (docker-entrypoint-initdb.d), or by hand later to set new passwords: then the services are restarted.
# Needs ROLES_SQL (default /etc/custody/roles.sql) and SECRETS (default /run/secrets) with files database_<role>_password.
set -eu

roles_sql=${ROLES_SQL:-/etc/custody/roles.sql}
secrets=${SECRETS:-/run/secrets}

psql -v ON_ERROR_STOP=1 --no-psqlrc -q -o /dev/null \
  --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\set owner \`cat $secrets/database_owner_password\`
\set ingest \`cat $secrets/database_ingest_password\`
\set access \`cat $secrets/database_access_password\`
\set worker \`cat $secrets/database_worker_password\`
\set sequencer \`cat $secrets/database_sequencer_password\`
select set_config('custody.owner_password', :'owner', false),
       set_config('custody.ingest_password', :'ingest', false),
       set_config('custody.access_password', :'access', false),
       set_config('custody.worker_password', :'worker', false),
       set_config('custody.sequencer_password', :'sequencer', false);
\i $roles_sql
select 'create database custody owner custody_owner' where not exists (select from pg_database where datname = 'custody') \gexec
revoke connect on database custody from public;
grant connect on database custody to custody_ingest, custody_access, custody_worker, custody_sequencer;
SQL
