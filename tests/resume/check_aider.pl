#!/usr/bin/perl
# usage: check_aider.pl <folder> <folder to go on in> [<told>]
# Does Aider take up again what stands in its history? Its own reader goes by
# how a line begins, also in a fence. Prints what is wrong, exits 1 then; else
# writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;
use Encode;

my ($home, $cwd, $told) = @ARGV;
my (@said, @typed, $begun);

sub file {
	my ($name) = @_;
	my $text = read_file("$home/$name");

	return $text if defined $text && eval { decode('UTF-8', my $copy = $text, Encode::FB_CROAK); 1 };
	wrong(defined $text ? "$name is no UTF-8" : "there is no $name");
	return '';
}

sub say {
	my ($role, $line) = @_;

	if (@said && $said[-1][0] eq $role) {
		$said[-1][1] .= "\n$line";
	} else {
		push @said, [$role, $line];
	}
}

my $before = '';
for my $raw (split /\n/, file('.aider.chat.history.md')) {
	my $line = $raw;
	if ($line =~ /^# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) {
		$begun++;
	} elsif ($line =~ /^# /) {
		wrong("a line that is not read: $line");
	} elsif ($line =~ /^####/) {
		wrong("a line of a person without its end: $line") if $line !~ s/^#### (.*)  $/$1/;
		# Another prompt stands behind an empty line.
		if ($before eq '') {
			push @said, ['user', $line];
		} else {
			say('user', $line);
		}
	} elsif ($line =~ /^> /) {
		wrong("a line of the program without its end: $line") if $line !~ /  $/;
	} elsif ($line ne '' || (@said && $said[-1][0] eq 'assistant')) {
		say('assistant', $line);
	}
	$before = $raw;
}
wrong('no session begins') if !$begun;
wrong('nobody asks') if !@said || $said[0][0] ne 'user';
for my $one (@said) {
	$one->[1] =~ s/\s+$//;
	told($one->[0], 'text', decode('UTF-8', $one->[1]));
}
my $input = file('.aider.input.history');
while ($input =~ /^# (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6})\n((?:\+.*\n)+)/gm) {
	push @typed, join "\n", map { substr $_, 1 } split /\n/, $2;
}
my @asked = map { $_->[1] } grep { $_->[0] eq 'user' } @said;
# Of sessions in which the same was typed at the same times it stands once.
if (($ENV{TIMES} // '') eq 'any') {
	my %once;
	@asked = sort grep { !$once{$_}++ } @asked;
	%once = ();
	@typed = sort grep { !$once{$_}++ } @typed;
}
wrong('what was typed is not what was asked')
	if join("\0", @typed) ne join("\0", @asked);
done($told);
