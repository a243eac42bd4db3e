#!/bin/sh
# Root's part of a docking station (custody-dock-mounts@.service): mounts and unmounts the ports that root has named in
# /etc/custody-dock-ports, and does nothing else. On stdin one request, a verb and a place (`mount 07`); on stdout one line:
# `done`, or why not. Of drivers only those of cards are ever asked: FAT and exFAT.
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
ports=/etc/custody-dock-ports
slots=/run/custody-dock
user=custody-dock

refuse() {
  echo "$1"
  exit 0
}

# Runs a command; what it prints is the answer when it fails.
try() {
  said=$("$@" 2>&1) || refuse "$1 ended with $?: $(echo "$said" | tr '\n' ' ')"
}

# The first of the place's devices that is there: with a table of partitions a card has another path than without.
device_of() {
  while read -r named path _; do
    if [ "$named" = "$1" ] && [ -b "$path" ]; then
      echo "$path"
      return
    fi
  done <"$ports"
}

# A mount that is remounted stays as it was where the agent sees it: it is mounted again, and comes there anew.
mount_port() {
  device=$(device_of "$place")
  [ -n "$device" ] || refuse "nothing that $ports names is plugged in at $place"
  if mountpoint -q "$folder"; then refuse "$folder is mounted already"; fi
  type=$(blkid -p -o value -s TYPE "$device")
  options="$1,nosuid,nodev,noexec,uid=$(id -u $user),gid=$(id -g $user),umask=0077"
  case $type in
    vfat) options="$options,utf8" ;;
    exfat) ;;
    *) refuse "$device holds neither FAT nor exFAT: ${type:-nothing that is known}" ;;
  esac
  try mkdir -p "$folder"
  try mount -i -t "$type" -o "$options" "$device" "$folder"
}

# Before the agent starts: what an earlier run of it left mounted would come into its view unwritable, and held by nobody.
if [ "${1:-}" = clear ]; then
  for folder in "$slots"/slot-[0-9][0-9]; do
    if mountpoint -q "$folder"; then umount -i -l "$folder"; fi
  done
  exit 0
fi

verb='' place=''
read -r verb place _
case $place in
  [0-9][0-9]) ;;
  *) refuse 'a place is two digits' ;;
esac
folder=$slots/slot-$place
case $verb in
  mount) mount_port ro ;;
  writable)
    try umount -i "$folder"
    mount_port rw
    ;;
  unmount) try umount -i "$folder" ;;
  drop) try umount -i -l "$folder" ;;
  *) refuse 'a request is mount, writable, unmount or drop' ;;
esac
echo 'done'
