#!/usr/bin/perl
# usage: check_claude.pl <~/.claude/projects> <folder to go on in> [<told>]
# Is each session one that Claude Code takes up again? Prints what is not, exits
# 1 then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use Encode;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
$cwd = decode('UTF-8', $cwd);
my ($id, $before, $answer, %seen);

# A unit of UTF-16 that is no letter or digit becomes "-".
sub folder {
	my ($text) = @_;

	$text =~ s/([^a-zA-Z0-9])/ord $1 > 0xffff ? '--' : '-'/ge;
	return $text;
}

sub picture {
	my ($block) = @_;
	my $source = $block->{source};

	only($block, qw(type source title));
	wrong('has a file that is none') if !is_object($source) ||
		($source->{type} // '') !~ /^(base64|text)$/ || !is_text($source->{media_type}) ||
		($source->{type} eq 'base64' && !is_base64($source->{data}));
}

sub tool_result {
	my ($block) = @_;
	my @text;

	only($block, qw(type tool_use_id content is_error));
	for my $inner (is_list($block->{content}) ? @{$block->{content}} :
			{ type => 'text', text => $block->{content} }) {
		if (($inner->{type} // '') eq 'text') {
			push @text, $inner->{text} if is_text($inner->{text}) ||
				wrong('has a result that is no text');
		} else {
			picture($inner);
		}
	}
	result($block->{tool_use_id}, join "\n\n", @text);
}

sub block {
	my ($block, $role, $text) = @_;
	my $type = is_object($block) ? $block->{type} // '' : '';

	if ($type eq 'text') {
		only($block, qw(type text));
		push @$text, $block->{text} if has_words($block->{text}, 'a block');
	} elsif ($type =~ /^(image|document)$/ && $role eq 'user') {
		picture($block);
	} elsif ($type eq 'tool_use' && $role eq 'assistant') {
		only($block, qw(type id name input));
		told('assistant', 'text', join "\n\n", @$text) if @$text;
		@$text = ();
		call($block->{id}, $block->{name}, $block->{input});
	} elsif ($type eq 'tool_result' && $role eq 'user') {
		tool_result($block);
	} else {
		wrong("has a block that is not known: $type");
	}
}

# An answer without a model, or with a text for content, stops the program.
sub message {
	my ($line) = @_;
	my $role = $line->{type};
	my $message = $line->{message};
	my (@blocks, @text, $results);

	return wrong('has no message') if !is_object($message);
	wrong('is said by another than its type says') if ($message->{role} // '') ne $role;
	wrong('has no model') if $role eq 'assistant' && !is_text($message->{model});
	return wrong('has content that is no list')
		if !is_list($message->{content}) && ($role eq 'assistant' || !is_text($message->{content}));
	@blocks = is_list($message->{content}) ? @{$message->{content}} :
		({ type => 'text', text => $message->{content} });
	wrong('says nothing') if !@blocks;
	$results = grep { is_object($_) && ($_->{type} // '') eq 'tool_result' } @blocks;
	# An answer may be divided: a block on each line.
	no_calls_open() if !$results && ($role ne 'assistant' ||
		($message->{id} // '') ne ($answer // ''));
	$answer = $message->{id} if $role eq 'assistant';
	block($_, $role, \@text) for @blocks;
	told($role, 'text', join "\n\n", @text) if @text;
}

sub record {
	my ($line) = @_;
	my $type = $line->{type} // '';

	if ($type =~ /^(custom-title|ai-title|last-prompt)$/) {
		wrong('is of another session') if ($line->{sessionId} // '') ne $id;
		return;
	}
	later($line->{timestamp});
	wrong('has no id') if !is_text($line->{uuid});
	wrong('says it twice') if $seen{$line->{uuid} // ''}++;
	undef $before if $type eq 'system' && !defined $line->{parentUuid};
	wrong('does not go on from the record before') if
		defined $before ? ($line->{parentUuid} // '') ne $before :
		defined $line->{parentUuid} || !exists $line->{parentUuid};
	$before = $line->{uuid} // '';
	wrong('is of another session') if ($line->{sessionId} // '') ne $id;
	wrong('is of another folder') if ($line->{cwd} // '') ne $cwd;
	wrong('is not listed: it is of no person at a terminal')
		if exists $line->{entrypoint} && ($line->{entrypoint} // '') ne 'cli';
	wrong('is of another branch') if $line->{isSidechain};
	if ($type =~ /^(user|assistant)$/) {
		message($line);
	} elsif ($type ne 'system' || ($line->{subtype} // '') ne 'compact_boundary') {
		wrong("is of a type that is not known: $type");
	}
}

my @sessions = find_files($home, qr{\.jsonl$});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	# What Goose imports as if it were of Claude Code lies anywhere.
	if ($file !~ m{^(?:([^/]+)/)?([^/]+)\.jsonl$} || !(is_uuid($2) || defined $ENV{PLACE})) {
		wrong("$file: is not found by its name");
		next;
	}
	$id = $2;
	wrong("$file: is not in the folder's place") if ($1 // '') ne ($ENV{PLACE} // folder($cwd));
	undef $before;
	undef $answer;
	%seen = ();
	read_lines("$home/$file", \&record);
	no_calls_open();
	wrong('has nothing to take up') if !%seen;
}
done($told);
