# keep-orphans.pl PROGRAM ARGUMENT...
#
# Runs a program and becomes the parent of whatever its children leave behind, as bubblewrap does with what it ran: the
# kernel then counts the CPU time of those to this process (PR_SET_CHILD_SUBREAPER, Linux).
use strict;
use warnings;

my %prctl = (x86_64 => 157, aarch64 => 167);
chomp(my $machine = `uname -m`);
syscall($prctl{$machine}, 36, 1, 0, 0, 0) == 0 or die "prctl: $!";
my $program = fork() // die "fork: $!";
if ($program == 0) { exec(@ARGV) or die "exec: $!" }
while ((my $ended = wait()) > 0) { exit($? >> 8) if $ended == $program }
