#!/usr/bin/perl
# usage: page_check.pl <page.html>...
# Is each a page that stands alone and does nothing? Every tag is one of ours,
# closed in its order; the policy is there; nothing is loaded; links lead to
# what is there, or are ones for people. Prints what is wrong, exits 1 then.
use strict;
use warnings;

my $policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
my %tag = map { $_ => 1 } qw(html head meta title style body header nav main
	footer section article details summary figure figcaption img h1 h2 h3 h4 h5
	h6 p div span b i a code pre br hr ul ol li dl dt dd blockquote table thead
	tbody tr th td em strong del small time bdi);
my %void = map { $_ => 1 } qw(meta img br hr);
my %attribute = map { $_ => 1 } qw(lang charset http-equiv content name class
	dir id href rel title src alt datetime start tabindex aria-current);
my $broken = 0;

sub wrong {
	my ($file, $at, $what) = @_;

	print "$file, byte $at: $what\n";
	$broken = 1;
}

sub check_page {
	my ($file, $text) = @_;
	my ($folder) = $file =~ m{^(.*/)};
	my (@open, %id, @fragment);

	$text =~ s/^<!DOCTYPE html>\n// or wrong($file, 0, 'no doctype');
	# What a style sheet may not hold; then it is no text to be looked at.
	$text =~ s{(<style>)(.*?)(</style>)}{
		wrong($file, $-[0], "'$1' in the style") if $2 =~ /(\@import|url\(|<)/;
		"$1$3" }gse;
	while ($text =~ /\G([^<]*)(?:<(\/?)(\w+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|\z)/gc) {
		my ($before, $close, $name, $attributes, $void) = ($1, $2, $3, $4, $5);
		my $at = $-[0];
		wrong($file, $at, "a lone '>' or control character: $1")
			if $before =~ /([\x00-\x08\x0b-\x1f>].{0,20})/s;
		wrong($file, $at, "a bare '&': $1")
			if $before =~ /(&(?!#?\w+;).{0,20})/s;
		last unless defined $name;
		wrong($file, $at, "tag '$name'") unless $tag{$name};
		if ($close) {
			my $last = pop @open // 'nothing';
			wrong($file, $at, "'$name' closes '$last'") if $last ne $name;
			next;
		}
		push @open, $name unless $void;
		wrong($file, $at, "'$name' open or void") if !!$void ne !!$void{$name};
		my %has;
		while ($attributes =~ /([\w-]+)="([^"]*)"/g) {
			wrong($file, $at, "attribute '$1'") unless $attribute{$1};
			wrong($file, $at, "'$1' twice") if exists $has{$1};
			$has{$1} = $2;
		}
		$id{$has{id}}++ and wrong($file, $at, "id '$has{id}' twice")
			if defined $has{id};
		wrong($file, $at, "source '$has{src}'") if defined $has{src} &&
			$has{src} !~ m{^data:image/(png|jpeg|gif|webp);base64,[\w+/=]+$};
		my $to = $has{href};
		next unless defined $to;
		next if $to =~ m{^(https?://|mailto:)}i && ($has{rel} // '') =~ /\bnoreferrer\b/;
		if ($to =~ /^#(\w+)$/) {
			push @fragment, [$at, $1];
		} elsif ($to !~ m{^(\.\./)?(\w+/)?[\w-]+\.html$} || !-f $folder . $to) {
			wrong($file, $at, "link to '$to'");
		}
	}
	wrong($file, pos $text // 0, 'not understood: ' . substr $text, pos $text // 0, 40)
		if (pos $text // 0) < length $text;
	wrong($file, 0, "'@open' left open") if @open;
	$id{$_->[1]} or wrong($file, $_->[0], "no id '$_->[1]'") for @fragment;
	(my $quoted = $policy) =~ s/'/&#39;/g;
	wrong($file, 0, 'no policy') unless $text =~
		/<meta http-equiv="Content-Security-Policy" content="\Q$quoted\E[^"]*" \/>/;
}

@ARGV or die "usage: page_check.pl <page.html>...\n";
for my $file (@ARGV) {
	open my $in, '<', $file or die "$file: $!";
	check_page($file, do { local $/; <$in> });
}
exit $broken;
