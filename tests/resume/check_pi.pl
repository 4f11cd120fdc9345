#!/usr/bin/perl
# usage: check_pi.pl <~/.pi/agent/sessions | ~/.openclaw/agents> <folder to go
# on in> [<told>]
# Is each session one that Pi takes up again, or OpenClaw, which has its own
# places and a list of sessions? Prints what is not, exits 1 then; else writes
# to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my ($id, $before, $name, %seen, %tool);

# "--srv-proj--"
sub folder {
	my ($text) = @_;

	$text =~ s{^/}{};
	$text =~ s{[/\\:]}{-}g;
	return "--$text--";
}

sub content {
	my ($message, $role) = @_;
	my @text;

	return wrong('has no content') if !is_list($message->{content}) ||
		!@{$message->{content}};
	for my $block (@{$message->{content}}) {
		my $type = is_object($block) ? $block->{type} // '' : '';
		if ($type eq 'text') {
			only($block, qw(type text));
			push @text, $block->{text} if $role eq 'toolResult' ?
				is_text($block->{text}) || wrong('a block is no text') :
				has_words($block->{text}, 'a block');
		} elsif ($type eq 'image' && $role ne 'assistant') {
			only($block, qw(type data mimeType));
			wrong('has a picture that is none') if !is_base64($block->{data}) ||
				($block->{mimeType} // '') !~ m{^image/};
		} elsif ($type eq 'toolCall' && $role eq 'assistant') {
			only($block, qw(type id name arguments));
			told('assistant', 'text', join "\n\n", @text) if @text;
			@text = ();
			$tool{$block->{id} // ''} = $block->{name};
			call($block->{id}, $block->{name}, $block->{arguments});
		} else {
			wrong("has a block that is not known: $type");
		}
	}
	return join "\n\n", @text;
}

# Without its cost the program ends.
sub answer {
	my ($message) = @_;
	my $usage = $message->{usage};
	my $calls = grep { is_object($_) && ($_->{type} // '') eq 'toolCall' }
		@{is_list($message->{content}) ? $message->{content} : []};

	for my $member (qw(api provider model)) {
		wrong("has no $member") if !is_text($message->{$member});
	}
	wrong('ends for another reason than it says') if
		($message->{stopReason} // '') ne ($calls ? 'toolUse' : 'stop');
	return wrong('has no usage') if !is_object($usage) ||
		!is_object($usage->{cost});
	for my $member (qw(input output cacheRead cacheWrite)) {
		wrong("does not say its use: $member")
			if !is_number($usage->{$member}) || !is_number($usage->{cost}{$member});
	}
	wrong('does not say its use as a whole')
		if !is_number($usage->{totalTokens}) || !is_number($usage->{cost}{total});
}

sub message {
	my ($message) = @_;
	my $role = is_object($message) ? $message->{role} // '' : '';
	my $text;

	return wrong("is said by nobody who is known: $role")
		if $role !~ /^(user|assistant|toolResult)$/;
	only($message, qw(role content timestamp), $role eq 'assistant' ?
		qw(api provider model usage stopReason) : $role eq 'user' ? () :
		qw(toolCallId toolName isError details));
	wrong('has no time of its own') if !is_number($message->{timestamp});
	no_calls_open() if $role ne 'toolResult';
	answer($message) if $role eq 'assistant';
	$text = content($message, $role);
	if ($role eq 'toolResult') {
		wrong('does not say whether it failed') if ref($message->{isError}) !~ /Bool/;
		wrong('has another tool than its call')
			if ($message->{toolName} // '') ne ($tool{$message->{toolCallId} // ''} // '');
		result($message->{toolCallId}, $text);
	} elsif (is_text($text) && length $text) {
		told($role, 'text', $text);
	}
}

sub entry {
	my ($line, $n) = @_;
	my $type = $line->{type} // '';

	later($line->{timestamp});
	if ($n == 1) {
		only($line, qw(type version id timestamp cwd parentSession));
		wrong('does not begin with the session') if $type ne 'session' ||
			!is_number($line->{version}) || $line->{version} != 3;
		wrong('has another id than its file') if ($line->{id} // '') ne $id;
		wrong('goes on in another folder') if ($line->{cwd} // '') ne $cwd;
		return;
	}
	only($line, qw(type id parentId timestamp message name summary
		firstKeptEntryId tokensBefore));
	wrong('has no id of eight digits') if ($line->{id} // '') !~ /^[0-9a-f]{8}$/;
	wrong('says it twice') if $seen{$line->{id} // ''}++;
	wrong('does not go on from the line before') if
		defined $before ? ($line->{parentId} // '') ne $before :
		defined $line->{parentId} || !exists $line->{parentId};
	$before = $line->{id} // '';
	if ($type eq 'message') {
		message($line->{message});
	} elsif ($type eq 'compaction') {
		wrong('sums up nothing') if !is_text($line->{summary}) ||
			!is_text($line->{firstKeptEntryId}) || !is_number($line->{tokensBefore});
		no_calls_open();
	} elsif ($type eq 'session_info') {
		wrong('has no name') if !is_text($line->{name});
	} elsif ($type !~ /^(model_change|thinking_level_change)$/) {
		wrong("is of a type that is not known: $type");
	}
}

# The list must lead to each session, and to none that is not there.
sub list {
	my ($agent, @ids) = @_;
	my $list = json(read_file("$home/$agent/sessions/sessions.json") // '');
	my %listed;

	return wrong('there is no list of sessions') if !is_object($list);
	for my $key (sort keys %$list) {
		my $entry = $list->{$key};
		wrong("$key is not this agent's") if $key !~ /^agent:\Q$agent\E:/;
		wrong("$key has no session") if !is_object($entry) ||
			!is_text($entry->{sessionId}) || !is_number($entry->{updatedAt});
		$listed{is_object($entry) ? $entry->{sessionId} // '' : ''}++;
	}
	for my $one (@ids) {
		wrong("$one is listed " . ($listed{$one} // 0) . ' times')
			if ($listed{$one} // 0) != 1;
	}
}

my @sessions = find_files($home, qr{\.jsonl$});
my %of_agent;
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file =~ m{^([^/]+)/sessions/([^/]+)\.jsonl$}) {
		$id = $2;
		push @{$of_agent{$1}}, $id;
	} elsif ($file =~ m{^([^/]+)/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z_([^/]+)\.jsonl$}) {
		$id = $2;
		wrong("$file: is not in the folder's place") if $1 ne folder($cwd);
	} else {
		wrong("$file: is not found by its name");
		next;
	}
	# Pi and OpenClaw take up a session of whatever id.
	wrong("$file: is not called by an id") if $id !~ /^\w[\w.-]*$/a;
	undef $before;
	%seen = %tool = ();
	read_lines("$home/$file", \&entry);
	no_calls_open();
}
list($_, @{$of_agent{$_}}) for sort keys %of_agent;
done($told);
