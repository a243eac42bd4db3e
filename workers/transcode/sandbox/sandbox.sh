#!/bin/sh
# Runs one program of /usr/bin on hostile footage: sandbox.sh PROGRAM ARGUMENT...
#
# It sees /usr read-only, in/ of the working directory read-only as /in, out/ read-write as /out, and nothing else: no
# network, no other process, no environment, no capability. It dies with whoever started it. Limits come from the first
# line of the file "limits" in the working directory: CPU_SECONDS FILE_BYTES MEMORY_BYTES.
# There is no other way to run these programs: what cannot be sandboxed is not run.
set -eu
program=$1
shift

cpu_seconds=60 file_bytes=268435456 memory_bytes=4294967296
if [ -f limits ]; then read -r cpu_seconds file_bytes memory_bytes <limits; fi

# The limits are set inside, where the count of processes is the sandbox's own and not that of the whole user.
set -- /usr/bin/prlimit --as="$memory_bytes" --cpu="$cpu_seconds" --fsize="$file_bytes" --nofile=256 --nproc=256 \
  --core=0 "/usr/bin/$program" "$@"
[ ! -d out ] || set -- --bind "$PWD/out" /out "$@"
[ ! -d in ] || set -- --ro-bind "$PWD/in" /in "$@"
for directory in bin sbin lib lib64; do
  if [ -L "/$directory" ]; then
    set -- --symlink "$(readlink "/$directory")" "/$directory" "$@"
  elif [ -d "/$directory" ]; then
    set -- --ro-bind "/$directory" "/$directory" "$@"
  fi
done
[ ! -d /etc/alternatives ] || set -- --ro-bind /etc/alternatives /etc/alternatives "$@"

exec bwrap --unshare-all --unshare-user --disable-userns --die-with-parent --new-session --cap-drop ALL \
  --uid 65534 --gid 65534 --clearenv --setenv PATH /usr/bin --setenv LC_ALL C.UTF-8 --hostname sandbox \
  --ro-bind /usr /usr --proc /proc --dev /dev --size 1048576 --tmpfs /tmp --chdir / "$@"
