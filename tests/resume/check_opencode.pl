#!/usr/bin/perl
# usage: check_opencode.pl <folder with files> <folder to go on in> [<told>]
# Is each file one that `opencode import` takes, so that it goes on with it?
# Prints what is not, exits 1 then; else writes to <told> what its model would
# be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my ($session, $asked, %seen, $last_id, $last_part);

# In no other session, nor twice in this one; the program goes by their order.
sub id {
	my ($id, $kind, $before) = @_;

	return wrong("has an id that is none of its kind: " . ($id // ''))
		if !is_text($id) || $id !~ /^${kind}_\w{12,}$/a;
	wrong("has an id twice: $id") if $seen{$id}++;
	wrong("has an id that stands before the one above it: $id")
		if defined $$before && $id le $$before;
	$$before = $id;
}

sub file {
	my ($file) = @_;

	only($file, qw(id sessionID messageID type mime filename url));
	wrong('has a file that is none') if ($file->{mime} // '') !~ m{^[\w.+-]+/[\w.+-]+$}a ||
		($file->{url} // '') !~ m{^data:\Q$file->{mime}\E;base64,(.+)$}s || !is_base64($1);
}

sub tool {
	my ($part) = @_;
	my $state = $part->{state};
	my $status = is_object($state) ? $state->{status} // '' : '';
	my $time = is_object($state) ? $state->{time} : undef;

	return wrong("has a call in a state that is not known: $status")
		if $status !~ /^(completed|error)$/;
	only($state, qw(status input metadata time), $status eq 'error' ? 'error' :
		qw(output title attachments));
	call($part->{callID}, $part->{tool}, $state->{input});
	wrong('has a call without its times') if !is_object($time) ||
		!is_number($time->{start}) || !is_number($time->{end}) || $time->{start} > $time->{end};
	wrong('has a call without metadata') if !is_object($state->{metadata});
	wrong('has a call without a title') if $status eq 'completed' && !is_text($state->{title});
	for my $file (@{$state->{attachments} // []}) {
		part_of($file, $part->{messageID});
		file($file);
	}
	return ['tool', 'result', $status eq 'error' ? $state->{error} : $state->{output},
		$part->{callID}];
}

sub part_of {
	my ($part, $message) = @_;

	id($part->{id}, 'prt', \$last_part);
	wrong('is of another session') if ($part->{sessionID} // '') ne $session;
	wrong('is of another message') if ($part->{messageID} // '') ne $message;
}

sub parts {
	my ($info, $parts) = @_;
	my (@text, @results);

	for my $part (@$parts) {
		my $type = is_object($part) ? $part->{type} // '' : '';
		part_of($part, $info->{id} // '') if is_object($part);
		if ($type eq 'text') {
			only($part, qw(id sessionID messageID type text synthetic));
			wrong('speaks behind a call') if @results;
			push @text, $part->{text} if has_words($part->{text}, 'a part');
		} elsif ($type eq 'compaction' && $info->{role} eq 'user') {
			only($part, qw(id sessionID messageID type auto));
			wrong('does not say whether it was asked for') if ref($part->{auto}) !~ /Bool/;
		} elsif ($type eq 'file' && $info->{role} eq 'user') {
			file($part);
		} elsif ($type eq 'tool' && $info->{role} eq 'assistant') {
			only($part, qw(id sessionID messageID type tool callID state));
			told('assistant', 'text', join "\n\n", @text) if @text;
			@text = ();
			push @results, tool($part);
		} else {
			wrong("has a part that is not known: $type");
		}
	}
	told($info->{role}, 'text', join "\n\n", @text) if @text;
	for my $result (grep { ref } @results) {
		wrong('has a call without what came of it') if !is_text($result->[2]);
		result($result->[3], $result->[2]);
	}
	return scalar @results;
}

sub answer {
	my ($info, $calls) = @_;

	wrong('does not answer the last prompt') if ($info->{parentID} // '') ne ($asked // '');
	for my $member (qw(modelID providerID mode)) {
		wrong("has no $member") if !is_text($info->{$member});
	}
	wrong('ends for another reason than it says')
		if ($info->{finish} // '') ne ($calls ? 'tool-calls' : 'stop');
	wrong('does not say where') if !is_object($info->{path}) ||
		($info->{path}{cwd} // '') ne $cwd || ($info->{path}{root} // '') ne $cwd;
	wrong('has no cost') if !is_number($info->{cost}) || !is_object($info->{tokens}) ||
		!is_number($info->{tokens}{input}) || !is_number($info->{tokens}{output}) ||
		!is_number($info->{tokens}{reasoning}) || !is_object($info->{tokens}{cache});
	wrong('is not at its end') if !is_number($info->{time}{completed});
}

sub message {
	my ($message) = @_;
	my $info = is_object($message) ? $message->{info} : undef;
	my $role = is_object($info) ? $info->{role} // '' : '';
	my $calls;

	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant)$/;
	only($message, qw(info parts));
	only($info, qw(id sessionID role time agent model), $role eq 'assistant' ?
		qw(parentID mode modelID providerID path cost tokens finish summary) : ());
	id($info->{id}, 'msg', \$last_id);
	wrong('is of another session') if ($info->{sessionID} // '') ne $session;
	return wrong('has no time') if !is_object($info->{time}) || !is_number($info->{time}{created});
	in_order($info->{time}{created});
	wrong('has no agent') if !is_text($info->{agent});
	return wrong('has no parts') if !is_list($message->{parts}) || !@{$message->{parts}};
	no_calls_open();
	$calls = parts($info, $message->{parts});
	if ($role eq 'user') {
		$asked = $info->{id};
		wrong('is asked of no model') if !is_object($info->{model}) ||
			!is_text($info->{model}{modelID}) || !is_text($info->{model}{providerID});
	} else {
		answer($info, $calls);
	}
}

my @files = find_files($home, qr{\.json$});
wrong("no file in $home") if !@files;
for my $file (@files) {
	my $value = read_object("$home/$file") // next;
	my $info = $value->{info};
	only($value, qw(info messages));
	next if !is_object($info) && !wrong('has no info');
	only($info, qw(id slug projectID directory title version time));
	undef $last_id;
	undef $last_part;
	undef $asked;
	id($info->{id}, 'ses', \my $none);
	$session = $info->{id} // '';
	for my $member (qw(slug projectID title version)) {
		wrong("has no $member") if !is_text($info->{$member}) || !length $info->{$member};
	}
	wrong('goes on in another folder') if ($info->{directory} // '') ne $cwd;
	wrong('has no times') if !is_object($info->{time}) ||
		!is_number($info->{time}{created}) || !is_number($info->{time}{updated});
	next if !is_list($value->{messages}) && !wrong('has no messages');
	message($_) for @{$value->{messages}};
	wrong('has nothing to take up') if !defined $asked;
}
done($told);
