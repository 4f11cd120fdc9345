#!/usr/bin/perl
# usage: recall_random.pl <steps> <seed> <folder>
# Add, change, delete, push, pull and kill in two vaults of one construct
# (nova), at random; after each step, and for each of the words, recall has to
# find the entities in which a scan of the fold finds it. The folder has the
# vaults a and b and a remote of both; beside it lie keys-a and keys-b.
use strict;
use warnings;
use JSON::PP;

my ($steps, $seed, $folder) = @ARGV;
my @vaults = map { "$folder/$_" } qw(a b);
my @words = map { "zq$_" } qw(aa bb cc dd ee ff);
my @keys = map { "$folder/../keys-$_" } qw(a b);
my $json = JSON::PP->new->utf8;
my $wrong = 0;
my $found = 0;
srand($seed);

sub run {
	my ($which, $micros, @command) = @_;
	$ENV{VVAULT_KEYS} = $keys[$which];
	unshift(@command, 'vvault', '-C', $vaults[$which]);
	my $child = fork() // die "fork: $!";
	if (!$child) {
		open(STDOUT, '>', '/dev/null');
		open(STDERR, '>', 'random.err');
		exec(@command) or die;
	}
	if ($micros) {
		select(undef, undef, undef, $micros / 1e6);
		kill('KILL', $child);
	}
	waitpid($child, 0);
	return $?;
}

sub lines {
	my ($which, @command) = @_;
	$ENV{VVAULT_KEYS} = $keys[$which];
	open(my $in, '-|', 'vvault', '-C', $vaults[$which], @command) or die;
	my @all = map { $json->decode($_) } <$in>;
	close($in) or die "@command fails\n";
	return @all;
}

sub change {
	my ($which, $micros) = @_;
	my $entity = 'memory:' . int(rand(30));
	my $verb = (qw(create create update delete))[int(rand(4))];
	my $text = join(' ', map { $words[int(rand(@words))] } 0 .. rand(4));
	run($which, $micros, 'add', 'nova', "memory:$verb", '--entity',
	    $entity, $verb eq 'delete' ? '{}' : qq({"content":"$text"}));
}

sub step {
	my ($which) = @_;
	my $what = int(rand(10));
	if ($what < 5) {
		change($which, 0);
	} elsif ($what == 5) {
		change($which, 1 + int(rand(20000)));
	} elsif ($what == 6) {
		run($which, 1 + int(rand(20000)), 'recall', 'nova', $words[0]);
	} elsif ($what == 7) {
		unlink((glob("$vaults[$which]/vvault/index/*/*"))[0] // 'none');
	} elsif ($what == 8) {
		run($which, 0, 'push');
	} else {
		run($which, 0, 'pull');
	}
}

sub compare {
	my ($which) = @_;
	my @fold = lines($which, 'ls', '--json', 'nova', 'memory');
	for my $word (@words) {
		my $want = join(' ', sort(map { $_->{entity} } grep {
			($_->{state}{content} // '') =~ /\b$word\b/ } @fold));
		my $got = join(' ', sort(map { $_->{entity} }
			lines($which, 'recall', '--json', '-n', 1000,
			      '--construct', 'nova', $word)));
		$found += () = $want =~ /memory/g;
		next if $got eq $want;
		$wrong++;
		print STDERR "$vaults[$which]: $word is in '$want', not in '$got'\n";
	}
}

for my $step (1 .. $steps) {
	my $which = int(rand(2));
	step($which);
	compare($which) if $step % 5 == 0 || $step == $steps;
}
print "$found found\n";
exit($wrong || !$found);
