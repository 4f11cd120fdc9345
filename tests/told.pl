#!/usr/bin/perl
# usage: told.pl html <folder> <messages.jsonl>
#        told.pl markdown <file> <messages.jsonl>
# Is every message told or counted? messages.jsonl is what `ls` says of them.
# Of HTML the words of each must stand on the page of its session, and messages
# and notes that are counted make all of them. Of Markdown the words of those
# that are shown must stand, and the counts make up for the rest. Prints what
# lacks, exits 1 then.
use strict;
use warnings;
use JSON::PP;

my ($format, $place, $list) = @ARGV;
my (%session, $broken, $messages);

sub slurp {
	my ($file) = @_;

	open my $in, '<:encoding(UTF-8)', $file or die "$file: $!";
	local $/;
	return <$in>;
}

# What is left of a text when marks and blanks are away.
sub words {
	my ($text) = @_;

	$text =~ s/&#?\w+;//g;
	$text =~ s/^[\s>*+-]*\d+[.)]//gm;	# a list counts by itself
	return $text =~ /([\p{L}\p{N}]+)/g;
}

sub lacks {
	print "@_\n";
	$broken = 1;
}

# A word may stand in a longer one, where a mark within it has gone.
sub look_for {
	my ($where, $text, $there, $message) = @_;
	my $content = $message->{state}{content};

	return if ref $content;
	my @lacking = grep { !$there->{$_} && index($text, $_) < 0 } words($content // '');
	lacks("$where: $message->{entity}: @lacking") if @lacking;
}

sub sum_of {
	my ($text, $what) = @_;
	my $sum = 0;

	$sum += $1 while $text =~ /(?<![\d.])(\d+) $what/g;
	return $sum;
}

sub look_at_pages {
	my %page;

	for my $file (glob "$place/conversations/*.html") {
		my $html = slurp($file);
		$html =~ s{<style>.*?</style>}{}s;
		my ($id) = $html =~ m{<p class="id">(.*?)</p>};
		$page{$id} = $html;
	}
	for my $id (sort keys %session) {
		my $html = $page{$id} // '';
		my @told = $html =~ / id="m\d+"/g;
		my $n = @{ $session{$id} };
		my $told = @told + sum_of($html, 'notes? of a program');
		lacks("$id: $told of $n messages are told") if $told != $n;
		# How a folded one begins is no proof of what it holds.
		$html =~ s{<span class="gist"[^>]*>[^<]*</span>}{ }g;
		# Where a link leads is told; other marks are none of the text.
		$html =~ s{<a rel="[^"]*" ([^>]*)>}{ $1 }g;
		$html =~ s{</?(?:b|i|a|em|strong|del|code|bdi|span)\b[^>]*>}{}g;
		$html =~ s{<[^>]*>}{ }g;
		$html =~ s/&#?\w+;//g;
		my %there = map { $_ => 1 } $html =~ /([\p{L}\p{N}]+)/g;
		look_for('html', $html, \%there, $_) for @{ $session{$id} };
	}
	lacks("$_: a page, and no message of it") for grep { !$session{$_} &&
		$page{$_} =~ / id="m\d/ } keys %page;
}

sub look_at_markdown {
	my $text = slurp($place);
	my @told = $text =~ /^\*\*\w+\*\* (?:\d{4}|$)/gm;
	my $counted = 0;

	$counted += sum_of($text, $_) for 'messages? on other branches',
		'hidden messages?', 'thoughts?', 'messages? of tools';
	my $told = @told + $counted;
	lacks("markdown: $told of $messages messages are told") if $told != $messages;
	return if $text =~ /on other branches/;
	my %there = map { $_ => 1 } $text =~ /([\p{L}\p{N}]+)/g;
	for my $message (map { @$_ } values %session) {
		look_for('markdown', $text, \%there, $message)
			if ($message->{state}{visibility} // 'visible') eq 'visible';
	}
}

# The root of a tree, where nobody has said anything, is no message.
sub is_root {
	my ($state) = @_;

	return ($state->{visibility} // '') eq 'meta' && !defined $state->{parent} &&
		($state->{content} // '') eq '' && !grep { exists $state->{$_} } qw(parts native created);
}

for my $line (split /\n/, slurp($list)) {
	my $message = JSON::PP->new->decode($line);
	next if is_root($message->{state});
	my ($home) = $message->{entity} =~ m{^message:([^/]*)};
	push @{ $session{"session:$home"} }, $message;
	$messages++;
}
$format eq 'html' ? look_at_pages() : look_at_markdown();
exit !!$broken;
