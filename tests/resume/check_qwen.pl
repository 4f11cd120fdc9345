#!/usr/bin/perl
# usage: check_qwen.pl <~/.qwen/projects> <folder to go on in> [<told>]
# Is each session one that Qwen Code takes up again? Prints what is not, exits
# 1 then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
utf8::decode($cwd);
my ($id, $before, $title, $length, $asked, %seen, %named);

# A unit of UTF-16 that is no letter or digit becomes "-".
sub folder {
	my ($text) = @_;

	$text =~ s/([^a-zA-Z0-9])/ord $1 > 0xffff ? '--' : '-'/ge;
	return $text;
}

sub response {
	my ($part, $result) = @_;
	my $function = $part->{functionResponse};
	my $status = is_object($result) ? $result->{status} // '' : '';
	my $response = is_object($function) ? $function->{response} : undef;
	my $member = $status eq 'error' ? 'error' : 'output';

	only($part, qw(functionResponse));
	return wrong('has a result without its response') if !is_object($response);
	wrong("has no $member") if !is_text($response->{$member}) ||
		keys %$response != 1;
	wrong('has a result of another call')
		if ($function->{id} // '') ne ($result->{callId} // '') ||
		($named{$function->{id} // ''} // '') ne ($function->{name} // '');
	wrong("has a status that is not known: $status")
		if $status !~ /^(success|error)$/;
	result($function->{id}, $response->{$member});
}

sub part {
	my ($part, $line, $text) = @_;
	my $type = $line->{type};

	if (!is_object($part)) {
		wrong('has a part that is no object');
	} elsif (exists $part->{text}) {
		only($part, qw(text));
		push @$text, $part->{text} if has_words($part->{text}, 'a part');
	} elsif (exists $part->{inlineData}) {
		my $data = $part->{inlineData};
		only($part, qw(inlineData));
		wrong('has a file that is none') if !is_object($data) ||
			!is_text($data->{mimeType}) || !is_base64($data->{data});
		wrong('shows a file of the model') if $type eq 'assistant';
	} elsif (exists $part->{functionCall} && $type eq 'assistant') {
		my $call = $part->{functionCall};
		only($part, qw(functionCall));
		$named{$call->{id} // ''} = $call->{name};
		told('assistant', 'text', join "\n\n", @$text) if @$text;
		@$text = ();
		call($call->{id}, $call->{name}, $call->{args});
	} elsif (exists $part->{functionResponse} && $type eq 'tool_result') {
		response($part, $line->{toolCallResult});
	} else {
		wrong('has a part that is not known: ' . join ' ', sort keys %$part);
	}
}

sub message {
	my ($line) = @_;
	my $type = $line->{type};
	my $message = $line->{message};
	my @text;

	return wrong('has no message') if !is_object($message) ||
		!is_list($message->{parts}) || !@{$message->{parts}};
	wrong('is said by another than its type says') if ($message->{role} // '') ne
		($type eq 'assistant' ? 'model' : 'user');
	wrong('has no model') if $type eq 'assistant' && !is_text($line->{model});
	no_calls_open() if $type ne 'tool_result';
	wrong('is no result') if $type eq 'tool_result' &&
		grep({ is_object($_) && $_->{functionResponse} } @{$message->{parts}}) != 1;
	part($_, $line, \@text) for @{$message->{parts}};
	told($type eq 'user' ? 'user' : 'assistant', 'text', join "\n\n", @text)
		if @text && $type ne 'tool_result';
	$asked++ if $type eq 'user';
}

sub record {
	my ($line, $n, $bytes) = @_;
	my $type = $line->{type} // '';

	only($line, qw(uuid parentUuid sessionId timestamp type cwd version message
		model toolCallResult subtype systemPayload));
	later($line->{timestamp}, $type eq 'tool_result');
	wrong('has no id') if !is_text($line->{uuid});
	wrong('says it twice') if $seen{$line->{uuid} // ''}++;
	wrong('does not go on from the record before') if
		defined $before ? ($line->{parentUuid} // '') ne $before :
		defined $line->{parentUuid} || !exists $line->{parentUuid};
	$before = $line->{uuid} // '';
	wrong('is of another session') if ($line->{sessionId} // '') ne $id;
	wrong('is of another folder') if ($line->{cwd} // '') ne $cwd;
	wrong('has no version') if !is_text($line->{version});
	$length += $bytes;
	if ($type eq 'system') {
		wrong('notes what is not known') if ($line->{subtype} // '') ne 'custom_title';
		wrong('has no title') if !is_object($line->{systemPayload}) ||
			!is_text($line->{systemPayload}{customTitle});
		$title = $length;
	} elsif ($type =~ /^(user|assistant|tool_result)$/) {
		message($line);
	} else {
		wrong("is of a type that is not known: $type");
	}
}

my @sessions = find_files($home, qr{(^|/)chats/});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file !~ m{^([^/]+)/chats/([^/]+)\.jsonl$} || !is_uuid($2)) {
		wrong("$file: is not found by its name");
		next;
	}
	$id = $2;
	wrong("$file: is not in the folder's place") if $1 ne folder($cwd);
	($length, $asked) = (0, 0);
	undef $before;
	undef $title;
	%seen = %named = ();
	read_lines("$home/$file", \&record);
	no_calls_open();
	wrong('has nothing to take up') if !$asked;
	wrong('has a title that is not found from the end')
		if defined $title && $title < $length - 60000;
}
done($told);
