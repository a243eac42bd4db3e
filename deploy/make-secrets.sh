#!/bin/sh
# Makes the secret files that docker-compose.yml mounts, in ./secrets (or the folder named first): random passwords and
# keys, nothing by default, nothing that was there is changed. Run it once before the first start:
#
#   sh deploy/make-secrets.sh [FOLDER] [--self-signed]
#
# --self-signed also makes trial certificates for ingest and access; a bureau puts its own there (see below).
# The folder is closed to others (0700). The files in it can be read by any user inside the one container they are
# mounted into: containers run under users of their own.
set -eu
umask 077

folder=./secrets
self_signed=no
for argument in "$@"; do
  case $argument in
    --self-signed) self_signed=yes ;;
    *) folder=$argument ;;
  esac
done
mkdir -p "$folder"
chmod 700 "$folder"

random() { # bytes
  od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

keep() { # file, content for a file that is not there yet
  if [ ! -s "$folder/$1" ]; then
    printf '%s\n' "$2" >"$folder/$1.new"
    chmod 444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
  fi
}

keep database_superuser_password "$(random 24)"
for role in owner ingest access worker sequencer; do
  keep "database_${role}_password" "$(random 24)"
  keep "database_${role}_url" "postgres://custody_$role:$(cat "$folder/database_${role}_password")@postgres:5432/custody"
done

# Digests of work cards and dock codes are made with it, by ingest and access. Another key makes all of them worthless.
keep dock_pass_key "$(random 32)"

keep redis_password "$(random 24)"
keep redis_auth "requirepass $(cat "$folder/redis_password")"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"

# Key ids are secrets too: an unfixed hole of MinIO lets who knows one write without the secret (CVE-2026-40344).
for store in primary backup_a backup_b; do
  for credential in root ingest access worker transcode sequencer archive package canary disposal auditor; do
    keep "${store}_${credential}_access_key" "$(random 10)"
    keep "${store}_${credential}_secret_key" "$(random 20)"
  done
done

# What each store reports of reads: its token, the settings of its server, and whose key is whose by digest.
credentials=
for store in primary backup_a backup_b; do
  keep "${store}_audit_token" "$(random 24)"
  keep "${store}_audit_env" "MINIO_AUDIT_WEBHOOK_ENABLE_custody=\"on\"
MINIO_AUDIT_WEBHOOK_ENDPOINT_custody=\"http://ledger:9110/$(echo $store | tr _ -)\"
MINIO_AUDIT_WEBHOOK_AUTH_TOKEN_custody=\"Bearer $(cat "$folder/${store}_audit_token")\"
MINIO_AUDIT_WEBHOOK_QUEUE_DIR_custody=\"/audit\"
MINIO_AUDIT_WEBHOOK_BATCH_SIZE_custody=\"100\""
  for credential in root ingest access worker transcode sequencer archive package canary disposal auditor; do
    digest=$(printf %s "$(cat "$folder/${store}_${credential}_access_key")" | sha256sum | cut -d ' ' -f 1)
    credentials="$credentials$digest=$credential
"
  done
done
# Made anew each time: it says nothing that the keys beside it do not.
rm -f "$folder/store_audit_credentials"
keep store_audit_credentials "$credentials"

# The ledger's keys are made by `custody setup`; only the sequencer mounts this folder. Its user is 10001.
mkdir -p "$folder/ledger"
chmod 700 "$folder/ledger"
if [ "$(id -u)" = 0 ]; then chown 10001:10001 "$folder/ledger"; fi

# Certificates: <service>_tls_cert.pem (with its chain) and <service>_tls_key.pem, for the names docks and browsers use.
for service in ingest access; do
  if [ "$self_signed" = yes ] && [ ! -s "$folder/${service}_tls_key.pem" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=localhost" \
      -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
      -keyout "$folder/${service}_tls_key.pem" -out "$folder/${service}_tls_cert.pem" 2>/dev/null
    chmod 444 "$folder/${service}_tls_key.pem" "$folder/${service}_tls_cert.pem"
  fi
  [ -s "$folder/${service}_tls_cert.pem" ] || echo "still to come: $folder/${service}_tls_cert.pem and _key.pem"
done
echo "secrets are in $folder"
