#!/usr/bin/perl
# usage: check_cline.pl <~/.cline/data> <folder to go on in> [<told>]
# Is each session one that Cline takes up again? Prints what is not, exits 1
# then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my (%seen, %tool);

# Without messages_path the program begins a session that is empty.
sub manifest {
	my ($file, $id, $messages) = @_;
	my $value = read_object($file) // return;

	only($value, qw(version session_id source pid started_at ended_at exit_code
		status interactive provider model cwd workspace_root enable_tools
		enable_spawn enable_teams prompt metadata messages_path));
	wrong('is of another version') if !is_number($value->{version}) || $value->{version} != 1;
	wrong('has another id than its file') if ($value->{session_id} // '') ne $id;
	wrong('does not lead to its messages') if ($value->{messages_path} // '') !~ m{^/} ||
		$value->{messages_path} !~ m{/\Q$messages\E$};
	for my $member (qw(source provider model prompt status)) {
		wrong("has no $member") if !is_text($value->{$member});
	}
	wrong('is still running') if ($value->{status} // '') eq 'running';
	wrong('goes on in another folder') if ($value->{cwd} // '') ne $cwd ||
		($value->{workspace_root} // '') ne $cwd;
	wrong('has no times') if !is_time($value->{started_at}) || !is_time($value->{ended_at});
	wrong('has no title') if !is_object($value->{metadata}) || !is_text($value->{metadata}{title});
	wrong('has no process') if !is_number($value->{pid}) || !is_number($value->{exit_code});
}

sub picture {
	my ($block) = @_;

	only($block, qw(type data mediaType));
	wrong('has a picture that is none') if !is_base64($block->{data}) ||
		($block->{mediaType} // '') !~ m{^image/};
}

# A result without the name of its tool ends the program.
sub tool_result {
	my ($block) = @_;
	my $content = $block->{content};
	my @text;

	only($block, qw(type tool_use_id name content is_error));
	wrong('has a result without the name of its tool') if !is_text($block->{name}) ||
		$block->{name} ne ($tool{$block->{tool_use_id} // ''} // '');
	for my $inner (is_list($content) ? @$content : ()) {
		if (is_object($inner) && ($inner->{type} // '') eq 'image') {
			picture($inner);
		} else {
			push @text, is_object($inner) ? $inner->{text} // '' : '';
		}
	}
	wrong('has a result that is no text') if !is_list($content) && !is_text($content);
	result($block->{tool_use_id}, is_list($content) ? join "\n\n", @text : $content);
}

sub block {
	my ($block, $role, $text) = @_;
	my $type = is_object($block) ? $block->{type} // '' : '';

	if ($type eq 'text') {
		only($block, qw(type text));
		push @$text, $block->{text} if has_words($block->{text}, 'a block');
	} elsif ($type eq 'image' && $role eq 'user') {
		picture($block);
	} elsif ($type eq 'tool_use' && $role eq 'assistant') {
		only($block, qw(type id name input));
		told('assistant', 'text', join "\n\n", @$text) if @$text;
		@$text = ();
		$tool{$block->{id} // ''} = $block->{name};
		call($block->{id}, $block->{name}, $block->{input});
	} elsif ($type eq 'tool_result' && $role eq 'user') {
		tool_result($block);
	} else {
		wrong("has a block that is not known: $type");
	}
}

sub message {
	my ($message) = @_;
	my $role = is_object($message) ? $message->{role} // '' : '';
	my ($results, @text);

	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant)$/;
	only($message, qw(id role content ts isSummary), $role eq 'assistant' ? 'modelInfo' : ());
	wrong('has no id') if !is_text($message->{id});
	wrong("has an id twice: $message->{id}") if $seen{$message->{id} // ''}++;
	in_order($message->{ts});
	return wrong('has no content') if !is_list($message->{content}) || !@{$message->{content}};
	$results = grep { is_object($_) && ($_->{type} // '') eq 'tool_result' } @{$message->{content}};
	no_calls_open() if !$results;
	wrong('does not say its model') if $role eq 'assistant' &&
		(!is_object($message->{modelInfo}) || !is_text($message->{modelInfo}{id}) ||
		!is_text($message->{modelInfo}{provider}));
	block($_, $role, \@text) for @{$message->{content}};
	told($role, 'text', join "\n\n", @text) if @text;
}

my @sessions = find_files("$home/sessions", qr{\.messages\.json$});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file !~ m{^([^/]+)/\1\.messages\.json$}) {
		wrong("$file: is not found by its name");
		next;
	}
	my ($id, $value) = ($1);
	manifest("$home/sessions/$id/$id.json", $id, $file);
	$value = read_object("$home/sessions/$file") // next;
	only($value, qw(version updated_at agent sessionId messages));
	%seen = %tool = ();
	wrong('is of another session') if ($value->{sessionId} // '') ne $id;
	wrong('is of no agent that leads') if ($value->{agent} // '') ne 'lead';
	wrong('has no time') if !is_time($value->{updated_at});
	next if !is_list($value->{messages}) && !wrong('has no messages');
	message($_) for @{$value->{messages}};
	no_calls_open();
	wrong('has nothing to take up') if !@{$value->{messages}};
}
done($told);
