#!/usr/bin/perl
# usage: expected.pl <expected.json> <records.jsonl>
# Has a vault what a store of sessions is known to hold (expected.json of
# ../shared/data/agents)? records.jsonl is what `ls --json` says of the
# construct. Of each session the shown branch is walked, and what a person or
# the model wrote on it must be, in order, each with its role, kind, time and
# text. Prints what differs, exits 1 then.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Encode;
use JSON::PP;

my ($expected, $list) = @ARGV;
my $json = JSON::PP->new->canonical->allow_nonref;
my (%state, %session, $broken);

sub differs {
	print "@_\n";
	$broken = 1;
}

sub read_all {
	my ($file) = @_;

	open my $in, '<:raw', $file or die "$file: $!";
	local $/;
	return <$in>;
}

sub micros {
	my ($time) = @_;

	return 'none' unless defined $time;
	$time =~ /^(.{19})(?:\.(\d+))?(?:Z|\+00:00)$/ or return $time;
	return $1 . '.' . substr(($2 // '') . '000000', 0, 6);
}

# Every text in a value, with the name of its member.
sub leaves {
	my ($value, $name) = @_;

	return map { leaves($value->{$_}, $_) } sort keys %$value if ref $value eq 'HASH';
	return map { leaves($_, $name) } @$value if ref $value eq 'ARRAY';
	return defined $value ? [$name, $value] : ();
}

# Arguments are equal when their values are.
sub arguments {
	my ($value) = @_;

	$value = eval { $json->decode($value) } // $value unless ref $value;
	return encode_utf8($json->encode($value));
}

sub result {
	my ($value) = @_;

	return $value unless ref $value;
	return result($value->{content} // $value->{output} // $value->{text})
		if ref $value eq 'HASH';
	return join "\n\n", map { result($_) // '' } @$value;
}

# What a part of a message is: kind and text; nothing for one that is no words.
sub part {
	my ($message, $part) = @_;
	my $content = encode_utf8($message->{content} // '');
	my $type = $part->{type} // '';
	my $text = defined $part->{start} ?
		substr($content, $part->{start}, $part->{end} - $part->{start}) : undef;

	return ('tool_call', arguments($part->{input} // $part->{arguments} // {}))
		if $type eq 'tool_use';
	# What a program put beside a person's words is nobody's, nor are files.
	return () if $type =~ /^(?:injected|attachment)$/;
	# A value is told as its JSON; people see its words.
	return ('tool_result', $text, encode_utf8($json->encode($part->{content})))
		if $type eq 'tool_result' && defined $text && ref $part->{content};
	return ('tool_result', $text // encode_utf8(result($part->{content}) // ''))
		if $type eq 'tool_result';
	$text //= encode_utf8($part->{thinking} // $part->{text} // '');
	return () if $text eq '';
	return ('thinking', $text)
		if $type =~ /thinking|summary/ || ($message->{visibility} // '') eq 'thinking';
	return ('text', $text);
}

# What stands in a message, in order: [kind, text]. Content that is of no part
# stands before the parts.
sub parts {
	my ($message) = @_;
	my @parts = map { [part($message, $_)] } @{$message->{parts} // []};
	my $content = encode_utf8($message->{content} // '');

	unshift @parts, [$message->{visibility} eq 'thinking' ? 'thinking' : 'text', $content]
		unless $content eq '' || (grep { defined $_->{start} } @{$message->{parts} // []}) ||
			grep { @$_ && $_->[0] eq 'tool_result' && $_->[1] eq $content } @parts;
	return grep { @$_ } @parts;
}

sub told {
	my ($state) = @_;
	my ($at, @shown, %seen) = $state->{active};

	while (defined $at && $state{$at} && !$seen{$at}++) {
		unshift @shown, $state{$at};
		$at = $state{$at}{parent};
	}
	return map { my $message = $_; map { [$message, @$_] } parts($message) }
		grep { $_->{visibility} !~ /^(?:meta|hidden)$/ } @shown;
}

sub compare {
	my ($where, $want, $got, $is_first) = @_;
	my ($message, $kind, $text, $value) = @$got;
	my $role = $kind eq 'tool_result' ? 'tool' : $message->{role};
	my $wanted = $kind eq 'tool_call' ? sha256_hex(arguments($want->{text})) : $want->{sha256};
	my $time = micros($want->{time});

	$text = encode_utf8($want->{text})
		if defined $value && arguments($want->{text}) eq arguments($value);
	unless ($role eq $want->{role} && $kind eq $want->{kind} && sha256_hex($text) eq $wanted) {
		differs("$where: $role $kind '$text', not $want->{role} $want->{kind} '" .
			encode_utf8($want->{text}) . "'");
		return 0;
	}
	# An answer that came in pieces is one message, and keeps their times.
	differs("$where: time " . micros($message->{created}) . ", not $time")
		unless $time eq micros($message->{created}) ||
			(!$is_first && grep { micros($_->[1]) eq $time } leaves($message));
	return 1;
}

sub compare_session {
	my ($want) = @_;
	my $state = delete $session{$want->{id}} or return differs("no session $want->{id}");
	my @got = told($state);
	my @messages = grep { ($_->{active} // 1) && ($_->{visibility} // '') ne 'hidden' }
		@{$want->{messages}};
	my $before = 0;

	differs("$want->{id}: title '" . ($state->{title} // '') . "'")
		if defined $want->{title} && $want->{title} ne ($state->{title} // '');
	differs("$want->{id}: cwd") if defined $want->{cwd} &&
		!grep { $_->[0] eq 'cwd' && $_->[1] eq $want->{cwd} } leaves($state);
	differs("$want->{id}: parent '" . ($state->{parent} // '') . "'")
		if defined $want->{parent} && ($state->{parent} // '') !~ /:\Q$want->{parent}\E(?:@\d{6})?$/;
	differs("$want->{id}: " . @got . ' things said, not ' . @messages) unless @got == @messages;
	for (0 .. ($#got < $#messages ? $#got : $#messages)) {
		last unless compare("$want->{id}, " . ($_ + 1), $messages[$_], $got[$_],
			$got[$_][0] != $before);
		$before = $got[$_][0];
	}
}

for (split /\n/, read_all($list)) {
	my $record = $json->decode(decode_utf8($_));

	$state{$record->{entity}} = $record->{state};
	# Where ids are no more than a date and a number, the time is behind.
	$session{$1} = $record->{state} if $record->{entity} =~ /^session:[^:]+:(.+?)(?:@\d{6})?$/;
}
my $known = decode_json(read_all($expected));
compare_session($_) for @{$known->{sessions}};
differs("session $_ is not expected") for sort keys %session;
for my $secret (@{$known->{secrets_must_not_appear} // []}) {
	differs("a secret is there: $secret") if index(read_all($list), encode_utf8($secret)) >= 0;
}
exit($broken ? 1 : 0);
