#!/usr/bin/perl
# usage: check_copilot.pl <~/.copilot/session-state> <folder to go on in> [<told>]
# Is each session one that Copilot CLI takes up again? Prints what is not,
# exits 1 then; else writes to <told> what its model would be given, a line
# each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
utf8::decode($cwd);
my ($id, $before, $asked, %seen, %said, %begun, %wanted);

sub start {
	my ($data) = @_;

	wrong('is of another session') if ($data->{sessionId} // '') ne $id;
	wrong('has another version than 1')
		if is_text($data->{version}) || ($data->{version} // '') ne '1';
	for my $member (qw(producer copilotVersion)) {
		wrong("has no $member") if !is_text($data->{$member});
	}
	wrong('has no time of its begin') if !defined is_time($data->{startTime});
	wrong('goes on in another folder') if !is_object($data->{context}) ||
		($data->{context}{cwd} // '') ne $cwd;
}

sub user {
	my ($data) = @_;

	only($data, qw(content attachments));
	no_calls_open();
	for my $file (@{$data->{attachments} // []}) {
		only($file, qw(type data mimeType displayName));
		wrong('has a file that is none') if ($file->{type} // '') ne 'blob' ||
			!is_text($file->{mimeType}) || !is_base64($file->{data});
	}
	has_words($data->{content}, 'what is asked') if !$data->{attachments} ||
		($data->{content} // '') ne '';
	told('user', 'text', $data->{content});
	$asked++;
}

sub assistant {
	my ($data) = @_;
	my $requests = $data->{toolRequests};

	only($data, qw(messageId content toolRequests model));
	no_calls_open();
	wrong('has no id of the message') if !is_text($data->{messageId});
	wrong('says it twice') if $said{$data->{messageId} // ''}++;
	return wrong('has no list of calls') if !is_list($requests);
	wrong('says nothing') if !is_text($data->{content}) ||
		!@$requests && $data->{content} eq '';
	told('assistant', 'text', $data->{content}) if length($data->{content} // '');
	for my $call (@$requests) {
		only($call, qw(toolCallId name arguments type));
		wrong('calls what is no function') if ($call->{type} // '') ne 'function';
		call($call->{toolCallId}, $call->{name}, $call->{arguments});
		$wanted{$call->{toolCallId} // ''} = $call->{name};
	}
}

sub begun {
	my ($data) = @_;
	my $call = $data->{toolCallId} // '';

	only($data, qw(toolCallId toolName arguments));
	wrong('begins what nobody called')
		if ($wanted{$call} // '') ne ($data->{toolName} // '') ||
		!is_object($data->{arguments});
	wrong('begins twice') if $begun{$call}++;
}

sub ended {
	my ($data) = @_;
	my $is_ok = ref $data->{success} && $data->{success};
	my $inner = $data->{$is_ok ? 'result' : 'error'};
	my $text = is_object($inner) ? $inner->{$is_ok ? 'content' : 'message'} : undef;

	only($data, qw(toolCallId success), $is_ok ? 'result' : 'error');
	wrong('does not say whether it went well') if !ref $data->{success};
	wrong('has no result') if !is_text($text);
	wrong('ends what has not begun') if !$begun{$data->{toolCallId} // ''};
	for my $file (@{is_object($inner) && $inner->{binaryResultsForLlm} || []}) {
		wrong('has a file that is none')
			if ($file->{type} // '') !~ /^(image|resource)$/ ||
			!is_text($file->{mimeType}) || !is_base64($file->{data});
	}
	result($data->{toolCallId}, $text);
}

my %event = (
	'session.start' => \&start, 'user.message' => \&user,
	'assistant.message' => \&assistant, 'tool.execution_start' => \&begun,
	'tool.execution_complete' => \&ended,
);

sub event {
	my ($line, $n) = @_;
	my $type = $line->{type} // '';

	only($line, qw(type data id timestamp parentId));
	later($line->{timestamp}, $type =~ /^tool\./);
	wrong('has no id') if !is_text($line->{id});
	wrong('says it twice') if $seen{$line->{id} // ''}++;
	wrong('does not go on from the event before') if
		defined $before ? ($line->{parentId} // '') ne $before :
		defined $line->{parentId};
	$before = $line->{id} // '';
	return wrong('does not begin with session.start')
		if ($n == 1) != ($type eq 'session.start');
	return wrong("is of a type that is not known: $type") if !$event{$type};
	return wrong('has no data') if !is_object($line->{data});
	$event{$type}->($line->{data});
}

# As much of YAML as stands there.
sub workspace {
	my ($file) = @_;
	my %has;

	for my $line (split /\n/, read_file($file) // '') {
		next if $line !~ /^(\w+): (.+)$/;
		my ($name, $value) = ($1, $2);
		$has{$name} = $value =~ /^"/ ? json($value) : $value;
		wrong("$file: $name is no text of YAML") if !defined $has{$name} ||
			$value !~ /^["\w\/]/ || $value =~ /^[^"].*(: | #)/;
	}
	wrong("$file: is of another session") if ($has{id} // '') ne $id;
	wrong("$file: is of another folder") if ($has{cwd} // '') ne $cwd;
	wrong("$file: has no name") if !length($has{name} // '');
	wrong("$file: has a name that the program gives anew")
		if ($has{user_named} // '') ne 'true';
	for my $member (qw(created_at updated_at)) {
		wrong("$file: $member is no time") if !defined is_time("$has{$member}");
	}
}

my @sessions = find_files($home, qr{\.jsonl$});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file !~ m{^([^/]+)/events\.jsonl$} || !is_uuid($1)) {
		wrong("$file: is not found by its name");
		next;
	}
	$id = $1;
	$asked = 0;
	undef $before;
	%seen = %said = %begun = %wanted = ();
	read_lines("$home/$file", \&event);
	no_calls_open();
	wrong('has nothing to take up') if !$asked;
	workspace("$home/$id/workspace.yaml");
}
done($told);
