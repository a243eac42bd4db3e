#!/bin/sh
# Runs one program of /usr/bin on hostile footage: sandbox.sh PROGRAM ARGUMENT...
#
# It sees /usr read-only, in/ of the working directory read-only as /in, out/ read-write as /out, three plain devices, and
# nothing else: no network, no other process, no environment, no capability, and nowhere but /out to write, not even into
# memory (/tmp and /dev are read-only). <machine>.bpf filters its system calls: see ../seccomp/filter.ts. It dies with
# whoever started it. Limits come from the first line of the file "limits" in the working directory: CPU_SECONDS FILE_BYTES
# MEMORY_BYTES; what follows them there is for whoever watches the sum of /out.
# There is no other way to run these programs: what cannot be sandboxed is not run.
set -eu
program=$1
shift
filter="${0%/*}/$(uname -m).bpf"

cpu_seconds=60 file_bytes=268435456 memory_bytes=4294967296
if [ -f limits ]; then read -r cpu_seconds file_bytes memory_bytes _ <limits; fi

# The limits are set inside, where the count of processes is the sandbox's own and not that of the whole user. Few files
# may be open: one that is replaced while it is open no longer counts in the sum of /out. At the end of its processor time
# a program gets SIGXCPU, so that it is seen what ended it, and 5 s later SIGKILL.
set -- --remount-ro / /usr/bin/prlimit --as="$memory_bytes" --cpu="$cpu_seconds:$((cpu_seconds + 5))" \
  --fsize="$file_bytes" --nofile=64 --nproc=256 --core=0 "/usr/bin/$program" "$@"
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
for device in null zero urandom; do
  set -- --dev-bind "/dev/$device" "/dev/$device" "$@"
done

exec bwrap --unshare-all --unshare-user --disable-userns --die-with-parent --new-session --cap-drop ALL --seccomp 3 \
  --uid 65534 --gid 65534 --clearenv --setenv PATH /usr/bin --setenv LC_ALL C.UTF-8 --hostname sandbox \
  --ro-bind /usr /usr --proc /proc --dir /tmp --chdir / "$@" 3<"$filter"
