#!/usr/bin/perl
# usage: check_continue.pl <~/.continue/sessions> <folder to go on in> [<told>]
# Is each session one that Continue takes up again? Prints what is not, exits 1
# then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my %named;

sub folder {
	my ($uri) = @_;

	return '' if !is_text($uri) || $uri !~ s{^file://}{};
	$uri =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	return $uri;
}

# The document and the list say the same of it.
sub about {
	my ($value, $id) = @_;

	wrong('has another id than its file') if ($value->{sessionId} // '') ne $id;
	wrong('has no title') if !is_text($value->{title}) || !length $value->{title};
	wrong('goes on in another folder') if folder($value->{workspaceDirectory}) ne $cwd;
}

sub tool_call {
	my ($call) = @_;
	my $function = is_object($call) ? $call->{function} : undef;

	return wrong('has a call that is none') if !is_object($function) ||
		($call->{type} // '') ne 'function';
	only($call, qw(type id function));
	return wrong('has arguments that are no text') if !is_text($function->{arguments});
	call($call->{id}, $function->{name}, json($function->{arguments}));
}

# What stands with the calls: one that is at its end, for each. A message of
# its own would tell the model the same again.
sub states {
	my ($item) = @_;
	my @results;
	my $calls = $item->{message}{toolCalls} // [];
	my $states = $item->{toolCallStates} // [];

	wrong('has calls without what came of them') if !is_list($states) || @$states != @$calls;
	for my $state (@$states) {
		next if !is_object($state) && !wrong('has a state that is none');
		only($state, qw(toolCallId toolCall status parsedArgs output));
		wrong('has a call that is not at its end') if ($state->{status} // '') !~ /^(done|errored)$/;
		wrong('has a state of no call') if !grep { is_object($_) &&
			($_->{id} // '') eq ($state->{toolCallId} // '') } @$calls;
		wrong('has a call without what it gave') if !is_list($state->{output}) ||
			@{$state->{output}} != 1 || !is_object($state->{output}[0]) ||
			!is_text($state->{output}[0]{content});
		push @results, [$state->{toolCallId}, $state->{output}[0]{content}];
	}
	result(@$_) for @results;
}

sub part {
	my ($part, $text) = @_;
	my $type = is_object($part) ? $part->{type} // '' : '';

	if ($type eq 'text') {
		only($part, qw(type text));
		push @$text, $part->{text} if has_words($part->{text}, 'a part');
	} elsif ($type eq 'imageUrl') {
		only($part, qw(type imageUrl));
		wrong('has a picture that is none') if !is_object($part->{imageUrl}) ||
			($part->{imageUrl}{url} // '') !~ m{^data:image/[\w.+-]+;base64,(.*)$}as ||
			!is_base64($1);
	} else {
		wrong("has a part that is not known: $type");
	}
}

sub item {
	my ($item) = @_;
	my $message = is_object($item) ? $item->{message} : undef;
	my $role = is_object($message) ? $message->{role} // '' : '';
	my @text;

	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant)$/;
	only($item, qw(message contextItems isSummary), $role eq 'assistant' ? 'toolCallStates' : ());
	only($message, qw(role content), $role eq 'assistant' ? 'toolCalls' : ());
	wrong('has no items of context') if !is_list($item->{contextItems});
	no_calls_open();
	if (is_list($message->{content}) && $role eq 'user') {
		part($_, \@text) for @{$message->{content}};
	} elsif (is_text($message->{content})) {
		push @text, $message->{content} if length $message->{content};
	} else {
		wrong('has no content');
	}
	told($role, 'text', join "\n\n", @text) if @text;
	tool_call($_) for @{$message->{toolCalls} // []};
	states($item);
}

my @sessions = grep { $_ ne 'sessions.json' } find_files($home, qr{\.json$});
my $list = read_object("$home/sessions.json");
for my $entry (ref $list eq 'ARRAY' ? @$list : ()) {
	next if !is_object($entry) && !wrong('lists what is no session');
	wrong('has no time of its begin') if !is_text($entry->{dateCreated}) ||
		$entry->{dateCreated} !~ /^\d{12,13}$/;
	about($entry, $entry->{sessionId} // '');
	$named{$entry->{sessionId} // ''}++;
}
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	my ($id) = $file =~ m{^([^/]+)\.json$};
	my $value = read_object("$home/$file") // next;

	wrong('is not called by a UUID') if !is_uuid($id);
	only($value, qw(sessionId title workspaceDirectory chatModelTitle history));
	about($value, $id // '');
	wrong('is listed ' . ($named{$id} // 0) . ' times') if ($named{$id} // 0) != 1;
	next if !is_list($value->{history}) && !wrong('has no history');
	item($_) for @{$value->{history}};
	no_calls_open();
	wrong('has nothing to take up') if !@{$value->{history}};
}
done($told);
