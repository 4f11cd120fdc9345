#!/usr/bin/perl
# usage: check_vibe.pl <~/.vibe/logs/session> <folder to go on in> [<told>]
# Is each session one that Mistral Vibe takes up again? Prints what is not,
# exits 1 then; else writes to <told> what its model would be given, a line
# each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my ($lines, %seen, %tool);

sub tool_call {
	my ($call, $n) = @_;
	my $function = is_object($call) ? $call->{function} : undef;

	return wrong('has a call that is none') if !is_object($function) ||
		($call->{type} // '') ne 'function';
	only($call, qw(type id index function));
	wrong('has a call out of its order') if !is_number($call->{index}) || $call->{index} != $n;
	return wrong('has arguments that are no text') if !is_text($function->{arguments});
	$tool{$call->{id} // ''} = $function->{name};
	call($call->{id}, $function->{name}, json($function->{arguments}));
}

sub line {
	my ($line) = @_;
	my $role = $line->{role} // '';
	my $n = 0;

	$lines++;
	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant|tool)$/;
	only($line, qw(role content message_id isSummary), $role eq 'assistant' ? 'tool_calls' :
		$role eq 'tool' ? qw(tool_call_id name) : ());
	wrong('has no id') if !is_uuid($line->{message_id});
	wrong('says it twice') if $seen{$line->{message_id} // ''}++;
	return wrong('has no text') if !is_text($line->{content});
	if ($role eq 'tool') {
		wrong('has another tool than its call')
			if ($line->{name} // '') ne ($tool{$line->{tool_call_id} // ''} // '');
		result($line->{tool_call_id}, $line->{content});
		return;
	}
	no_calls_open();
	wrong('says nothing') if !length $line->{content} && !@{$line->{tool_calls} // []};
	has_words($line->{content}, 'it') && told($role, 'text', $line->{content})
		if length $line->{content};
	tool_call($_, $n++) for @{$line->{tool_calls} // []};
}

sub meta {
	my ($file, $short) = @_;
	my $value = read_object($file) // return;

	only($value, qw(session_id start_time end_time git_commit git_branch environment
		title title_source model total_messages));
	wrong('is found by no name') if !is_uuid($value->{session_id}) ||
		substr($value->{session_id}, 0, 8) ne $short;
	wrong('does not say how many messages there are')
		if !is_number($value->{total_messages}) || $value->{total_messages} != $lines;
	wrong('has no times') if !is_time($value->{start_time}) || !is_time($value->{end_time});
	wrong('goes on in another folder') if !is_object($value->{environment}) ||
		($value->{environment}{working_directory} // '') ne $cwd;
	wrong('has no title') if !is_text($value->{title});
}

my @sessions = find_files($home, qr{messages\.jsonl$});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file !~ m{^session_\d{8}_\d{6}_([0-9a-f]{8})/messages\.jsonl$}) {
		wrong("$file: is not found by its name");
		next;
	}
	my $short = $1;
	$lines = 0;
	%seen = %tool = ();
	read_lines("$home/$file", \&line);
	no_calls_open();
	wrong('has nothing to take up') if !$lines;
	meta("$home/" . ($file =~ s/messages\.jsonl$/meta.json/r), $short);
}
done($told);
