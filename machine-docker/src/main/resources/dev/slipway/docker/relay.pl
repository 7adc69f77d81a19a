# Hands connections to 127.0.0.1 of this container on to sockets in this folder, which are named by their ports.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;

sub mark {
  open(my $file, '>', $_[0]) or return;
  close($file);
}

sub copy {
  my ($from, $to) = @_;
  while (sysread($from, my $data, 65536)) {
    my $done = 0;
    while ($done < length $data) {
      my $count = syswrite($to, $data, length($data) - $done, $done);
      return unless defined $count;
      $done += $count;
    }
  }
  shutdown($to, 1);
}

$SIG{CHLD} = 'IGNORE';
my $select = IO::Select->new;
my %ports;
for my $port (@ARGV) {
  my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 128, ReuseAddr => 1);
  if (!$socket) { mark('failed'); exit 1; }
  $select->add($socket);
  $ports{fileno $socket} = $port;
}
mark('ready');
while (1) {
  for my $socket ($select->can_read) {
    my $client = $socket->accept or next;
    if (!fork) {
      my $there = IO::Socket::UNIX->new(Peer => $ports{fileno $socket}) or exit 1;
      if (fork) { copy($client, $there); } else { copy($there, $client); }
      exit 0;
    }
    close $client;
  }
}
