#!/bin/sh
# Prepares one store: three buckets, one policy and one credential per service. Safe to run again: what is there stays,
# keys and policies are set anew. Used by the local stack and by the store-setup services of docker-compose.yml.
#
#   STORE_NAME               primary | backup-a | backup-b
#   STORE_ENDPOINT           http(s)://host:port
#   STORE_ROOT_ACCESS_KEY    the server's own administrator; STORE_ROOT_SECRET_KEY
#   <CREDENTIAL>_ACCESS_KEY, <CREDENTIAL>_SECRET_KEY  of INGEST ACCESS WORKER TRANSCODE SEQUENCER CANARY DISPOSAL AUDITOR;
#                            one whose keys are not given is not made
#   STORE_BUCKET_ORIGINALS, _DERIVED, _TAILS   names; default originals, derived, tails
#
# Each key may come from a file: NAME_FILE. Keys are letters, digits, - and _ only. MC_BIN names MinIO's client.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mc_config=$(mktemp -d)
trap 'rm -rf "$mc_config"' EXIT

fail() {
  echo "store setup${STORE_NAME:+ of $STORE_NAME}: $*" >&2
  exit 1
}

# The value of a variable, or of the file that NAME_FILE names. A key with characters that need escaping is refused.
value() {
  eval "plain=\${$1:-} file=\${$1_FILE:-}"
  if [ -z "$plain" ] && [ -n "$file" ]; then
    [ -r "$file" ] || fail "$1_FILE: $file cannot be read"
    plain=$(cat "$file")
  fi
  case $plain in
    *[!A-Za-z0-9_-]*) fail "$1 may hold letters, digits, - and _ only" ;;
  esac
  printf %s "$plain"
}

client() {
  "${MC_BIN:-mc}" --config-dir "$mc_config" --quiet --no-color "$@"
}

# Runs a client command silently, and shows what it said only when it failed.
quietly() {
  said=$("$@" 2>&1) || fail "$said"
}

make_bucket() { # name, with lock or not, versioned or not
  if [ "$2" = lock ]; then
    quietly client mb --ignore-existing --with-lock "store/$1"
  else
    quietly client mb --ignore-existing "store/$1"
  fi
  [ "$3" = plain ] || quietly client version enable "store/$1"
}

# A credential is a user of the server with one policy. Its secret goes in by standard input, not by the command line.
make_credential() { # name
  capital=$(printf %s "$1" | tr '[:lower:]' '[:upper:]')
  access_key=$(value "${capital}_ACCESS_KEY")
  secret_key=$(value "${capital}_SECRET_KEY")
  policy="$here/policies/$1.$store_kind.json"
  if [ -z "$access_key" ] || [ ! -f "$policy" ]; then return 0; fi
  [ ${#secret_key} -ge 20 ] || fail "${capital}_SECRET_KEY has fewer than 20 characters"
  quietly client admin policy create store "custody-$1" "$policy"
  said=$(printf '%s\n%s\n' "$access_key" "$secret_key" | client admin user add store 2>&1) || fail "$said"
  said=$(client admin policy attach store "custody-$1" --user "$access_key" 2>&1) || case $said in
    *'already in effect'*) ;;
    *) fail "$said" ;;
  esac
}

case ${STORE_NAME:-} in
  primary) store_kind=primary ;;
  backup-a | backup-b) store_kind=backup ;;
  *) fail 'STORE_NAME must be primary, backup-a or backup-b' ;;
esac
root_access_key=$(value STORE_ROOT_ACCESS_KEY)
root_secret_key=$(value STORE_ROOT_SECRET_KEY)
case ${STORE_ENDPOINT:-} in
  http://* | https://*) ;;
  *) fail 'STORE_ENDPOINT must be http://host:port or https://host:port' ;;
esac
[ -n "$root_access_key" ] && [ -n "$root_secret_key" ] || fail 'STORE_ROOT_ACCESS_KEY and _SECRET_KEY are needed'
MC_HOST_store="${STORE_ENDPOINT%%://*}://$root_access_key:$root_secret_key@${STORE_ENDPOINT#*://}"
export MC_HOST_store

quietly client ready store
originals=${STORE_BUCKET_ORIGINALS:-originals}
# Object Lock can only be switched on when a bucket is made. No default retention: each version gets its own.
make_bucket "$originals" lock versioned
client retention info --default "store/$originals" >/dev/null 2>&1 ||
  fail "bucket $originals exists without Object Lock; a new bucket is needed"
make_bucket "${STORE_BUCKET_DERIVED:-derived}" open versioned
make_bucket "${STORE_BUCKET_TAILS:-tails}" open plain
for credential in ingest access worker transcode sequencer canary disposal auditor; do
  make_credential "$credential"
done
