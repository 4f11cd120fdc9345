#!/usr/bin/perl
# usage: check_codex.pl <~/.codex> <folder to go on in> [<told>]
# Is each rollout one that Codex takes up again? Prints what is not, exits 1
# then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
utf8::decode($cwd);
my $name = qr{^sessions/(\d{4})/(\d\d)/(\d\d)/rollout-\1-\2-\3T\d\d-\d\d-\d\d-([0-9a-f-]{36})\.jsonl$};
my %known = map { $_ => 1 } 'openai',
	(read_file("$home/config.toml") // '') =~ /^\s*\[model_providers\.([\w-]+)\]/mg;
my ($id, $said, $events, @rollouts);

sub meta {
	my ($payload) = @_;

	wrong('has another id than its file') if ($payload->{id} // '') ne $id;
	for my $member (qw(cwd originator cli_version model_provider)) {
		wrong("has no $member") if !is_text($payload->{$member});
	}
	wrong('has no time of its begin') if !defined is_time($payload->{timestamp});
	wrong('goes on in another folder') if ($payload->{cwd} // '') ne $cwd;
	wrong('is not listed: its source is not cli')
		if ($payload->{source} // '') ne 'cli';
	wrong('has a provider that the settings do not know')
		if -f "$home/config.toml" && !$known{$payload->{model_provider} // ''};
}

# The text of a list of blocks, each of one of these types.
sub blocks {
	my ($list, $words, $picture) = @_;
	my @text;

	return wrong('has no list of blocks'), '' if !is_list($list) || !@$list;
	for my $block (@$list) {
		my $type = is_object($block) ? $block->{type} // '' : '';
		if ($type eq $words) {
			only($block, qw(type text));
			push @text, $block->{text} if has_words($block->{text}, 'a block');
		} elsif ($type eq $picture) {
			wrong('has a picture that is none')
				if ($block->{image_url} // '') !~ m{^data:image/[\w.+-]+;base64,(.+)$}a || !is_base64($1);
		} else {
			wrong("has a block that is not known: $type");
		}
	}
	return join "\n\n", @text;
}

sub message {
	my ($payload) = @_;
	my $role = $payload->{role} // '';

	no_calls_open();
	only($payload, qw(type role content));
	if ($role eq 'user') {
		my $text = blocks($payload->{content}, 'input_text', 'input_image');
		wrong('is asked without an event that says the same')
			if !defined $said || $said ne $text;
		undef $said;
		told('user', 'text', $text);
	} elsif ($role eq 'assistant') {
		told('assistant', 'text', blocks($payload->{content}, 'output_text', ''));
	} else {
		wrong("is said by another than person and model: $role");
	}
}

sub item {
	my ($payload) = @_;
	my $type = $payload->{type} // '';

	if ($type eq 'message') {
		message($payload);
	} elsif ($type eq 'function_call') {
		only($payload, qw(type name arguments call_id));
		wrong('has arguments that are no text') if !is_text($payload->{arguments});
		call($payload->{call_id}, $payload->{name},
			ref $payload->{arguments} ? undef : json($payload->{arguments} // ''));
	} elsif ($type eq 'function_call_output') {
		only($payload, qw(type call_id output));
		my $output = $payload->{output};
		$output = blocks($output, 'input_text', 'input_image') if is_list($output);
		wrong('has an output that is no text') if ref $output || !defined $output;
		result($payload->{call_id}, $output);
	} else {
		wrong("has an item that is not known: $type");
	}
}

sub event {
	my ($payload) = @_;
	my $type = $payload->{type} // '';

	if ($type eq 'user_message') {
		only($payload, qw(type message images));
		wrong('says an event without its message') if ref $payload->{message};
		wrong('is an event without its question') if defined $said;
		$said = $payload->{message} // '';
		$events++;
	} elsif ($type ne 'agent_message') {
		wrong("has an event that is not known: $type");
	}
}

sub line {
	my ($line, $n) = @_;
	my ($type, $payload) = ($line->{type} // '', $line->{payload});

	only($line, qw(timestamp type payload));
	return wrong('has no payload') if !is_object($payload);
	later($line->{timestamp}, ($payload->{type} // '') eq 'function_call_output');
	return wrong('does not begin with session_meta')
		if ($n == 1) != ($type eq 'session_meta');
	if ($type eq 'session_meta') {
		meta($payload);
	} elsif ($type eq 'response_item') {
		item($payload);
	} elsif ($type eq 'event_msg') {
		event($payload);
	} elsif ($type eq 'turn_context') {
		for my $member (qw(cwd approval_policy model)) {
			wrong("has no $member") if !is_text($payload->{$member});
		}
	} else {
		wrong("is of a type that is not known: $type");
	}
}

@rollouts = find_files($home, qr{^sessions/.*[^/]$});
wrong("no rollout in $home") if !@rollouts;
for my $file (@rollouts) {
	if ($file !~ $name) {
		wrong("$file: is not found by its name");
		next;
	}
	$id = $4;
	$events = 0;
	read_lines("$home/$file", \&line);
	no_calls_open();
	wrong('is not listed: nobody asks in it') if !$events;
	my $titles = 0;
	read_lines("$home/session_index.jsonl", sub {
		my ($entry) = @_;

		return if ($entry->{id} // '') ne $id;
		$titles++;
		wrong('has no title') if !is_text($entry->{thread_name});
		wrong('has no time') if !defined is_time($entry->{updated_at});
	});
	wrong("names the session $titles times") if $titles != 1;
}
done($told);
