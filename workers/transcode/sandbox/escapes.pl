# Tries to leave the sandbox, from within: each word printed names something that the sandbox does not hold back.
# Started as "perl /in/escapes.pl NAME:ERROR:NUMBER:ARGUMENT... ..."; each argument is a system call that must fail with
# that error. (Perl is a part of every Debian system, and the one program of it that can make any system call.)
use strict;
use warnings;
$| = 1;

sub leak { print "$_[0]\n" }

# What a file of /proc says in the line that begins with $name.
sub line_of {
    my ($path, $name) = @_;
    open(my $file, '<', $path) or return '';
    my ($line) = grep { index($_, $name) == 0 } <$file>;
    return $line // '';
}

sub can_write { my $file; return open($file, '>', $_[0]) }

leak('host-files') if -e '/etc/passwd';
leak('home-directories') if -e '/root' or -e '/home';
leak('writable-input') if can_write('/in/escape');
leak('writable-system') if can_write('/usr/escape');
leak('writable-memory') if grep { can_write("$_/escape") } '', '/tmp', '/dev', '/dev/shm', '/proc';

opendir(my $devices, '/dev');
leak('devices') if grep { !/^(\.\.?|null|zero|urandom)$/ } readdir $devices;
closedir $devices;

open(my $net, '<', '/proc/net/dev');
leak('network') if $net and grep { /:/ and !/^\s*lo:/ } <$net>;
leak('root') if $> == 0;
leak('capabilities') unless line_of('/proc/self/status', 'CapEff:') =~ /^CapEff:\s*0+$/;
leak('unfiltered-system-calls') unless line_of('/proc/self/status', 'Seccomp:') =~ /^Seccomp:\s*2$/;
leak('environment') if grep { !/^(PATH|LC_ALL|PWD|OLDPWD|SHLVL|_)$/ } keys %ENV;
for my $limit ('Max address space', 'Max cpu time', 'Max file size', 'Max open files', 'Max processes') {
    leak(lc($limit) =~ s/^max (.*)$/$1-limit/r =~ tr/ /-/r) if line_of('/proc/self/limits', $limit) =~ /unlimited/;
}

my $child = fork();
exit 0 if defined $child and $child == 0;
if (defined $child) { waitpid($child, 0); leak('processes') }

# What would take room that the sum of /out does not show.
can_write('/out/left');
leak('link') if link '/out/left', '/out/link';
leak('symlink') if symlink '/usr', '/out/symlink';
leak('unlink') if unlink '/out/left';
leak('mkdir') if mkdir '/out/directory';

for (@ARGV) {
    my ($name, $error, $number, @arguments) = split /:/;
    # A number must be one to Perl: text is passed as an address.
    my $answer = syscall($number, map { /^-?\d+$/ ? $_ + 0 : $_ } @arguments);
    # A child that should not be there.
    exit 0 if $answer == 0 and $name =~ /^clone-/;
    leak($name) unless $answer == -1 and $! == $error;
}
