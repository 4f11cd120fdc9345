#!/usr/bin/perl
# usage: check_kimi.pl <~/.kimi/sessions> <folder to go on in> [<told>]
# Is each session one that Kimi CLI takes up again? Prints what is not, exits 1
# then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my (@said, @shown);

sub parts {
	my ($content, $role) = @_;
	my @text;

	return wrong('has no content') if !is_list($content);
	for my $part (@$content) {
		my $type = is_object($part) ? $part->{type} // '' : '';
		if ($type eq 'text') {
			only($part, qw(type text));
			push @text, $part->{text} if $role eq 'tool' ?
				is_text($part->{text}) || wrong('a part is no text') :
				has_words($part->{text}, 'a part');
		} elsif ($type eq 'image_url' && $role eq 'user') {
			only($part, qw(type image_url));
			wrong('has a picture that is none') if !is_object($part->{image_url}) ||
				($part->{image_url}{url} // '') !~ m{^data:image/[\w.+-]+;base64,(.*)$}as ||
				!is_base64($1);
		} else {
			wrong("has a part that is not known: $type");
		}
	}
	return join "\n\n", @text;
}

sub tool_call {
	my ($call) = @_;
	my $function = is_object($call) ? $call->{function} : undef;
	my $input;

	return wrong('has a call that is none') if !is_object($function) ||
		($call->{type} // '') ne 'function';
	only($call, qw(type id function));
	return wrong('has arguments that are no text') if !is_text($function->{arguments});
	$input = json($function->{arguments});
	call($call->{id}, $function->{name}, $input);
}

sub line {
	my ($line, $n) = @_;
	my $role = $line->{role} // '';
	my $text;

	if ($role eq '_checkpoint') {
		only($line, qw(role id));
		wrong('has a checkpoint without a number') if !is_number($line->{id});
		return;
	}
	wrong('does not begin with a checkpoint') if $n == 1;
	only($line, qw(role content isSummary), $role eq 'assistant' ? 'tool_calls' :
		$role eq 'tool' ? 'tool_call_id' : ());
	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant|tool)$/;
	no_calls_open() if $role ne 'tool';
	$text = parts($line->{content}, $role) // '';
	if ($role eq 'tool') {
		push @said, "result $line->{tool_call_id}";
		result($line->{tool_call_id}, $text);
		return;
	}
	told($role, 'text', $text) if length $text;
	push @said, "$role $text" if length $text;
	wrong('says nothing') if !length $text && !@{$line->{tool_calls} // []};
	for my $call (@{$line->{tool_calls} // []}) {
		push @said, "call " . (is_object($call) ? $call->{id} // '' : '');
		tool_call($call);
	}
}

# The same happened, with its times.
sub event {
	my ($line, $n) = @_;
	my $message = $line->{message};
	my $type = is_object($message) ? $message->{type} // '' : '';
	my $payload = is_object($message) ? $message->{payload} : undef;

	if ($n == 1) {
		only($line, qw(type protocol_version));
		wrong('does not begin with its version') if ($line->{type} // '') ne 'metadata' ||
			!is_text($line->{protocol_version});
		return;
	}
	only($line, qw(timestamp message));
	return wrong('has no time in seconds')
		if !is_number($line->{timestamp}) || $line->{timestamp} !~ /^\d{9,10}(\.\d{1,6})?$/;
	in_order(int($line->{timestamp} * 1000 + 0.5));
	return wrong('says nothing') if !is_object($payload);
	if ($type eq 'TurnBegin') {
		push @shown, 'user ' . join "\n\n", map { $_->{text} // () } @{$payload->{user_input}};
	} elsif ($type eq 'ContentPart') {
		push @shown, "assistant $payload->{text}";
	} elsif ($type eq 'ToolCall') {
		push @shown, "call $payload->{id}";
	} elsif ($type eq 'ToolResult') {
		push @shown, "result $payload->{tool_call_id}";
		wrong('does not say whether it failed') if !is_object($payload->{return_value}) ||
			ref($payload->{return_value}{is_error}) !~ /Bool/ || !is_text($payload->{return_value}{output});
	} elsif ($type !~ /^(StepBegin|TurnEnd)$/) {
		wrong("tells what is not known: $type");
	}
}

sub state {
	my ($file) = @_;
	my $value = read_object($file) // return;

	only($value, qw(version custom_title archived todos));
	wrong('has no title') if !is_text($value->{custom_title});
	wrong('is put away') if ref($value->{archived}) !~ /Bool/ || $value->{archived};
}

sub folders {
	my ($file) = @_;
	my $value = read_object($file) // return;
	my $n = is_object($value) && is_list($value->{work_dirs}) ?
		grep { is_object($_) && ($_->{path} // '') eq $cwd &&
			is_text($_->{kaos}) } @{$value->{work_dirs}} : 0;

	wrong("names the folder $n times") if $n != 1;
}

my @sessions = find_files($home, qr{context\.jsonl$});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	my ($folder, $id) = $file =~ m{^([^/]+)/([^/]+)/context\.jsonl$};
	if (!defined $id || !is_uuid($id)) {
		wrong("$file: is not found by its name");
		next;
	}
	wrong("$file: is not in the folder's place") if $folder ne md5_hex($cwd);
	@said = @shown = ();
	read_lines("$home/$file", \&line);
	no_calls_open();
	wrong('has nothing to take up') if !@said;
	read_lines("$home/$folder/$id/wire.jsonl", \&event);
	wrong('shows something else than is told') if "@said" ne "@shown";
	state("$home/$folder/$id/state.json");
}
folders("$home/../kimi.json");
done($told);
