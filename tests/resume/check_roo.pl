#!/usr/bin/perl
# usage: check_roo.pl <.../globalStorage/rooveterinaryinc.roo-cline> <folder to
# go on in> [<told>]
# Is each task one that Roo Code takes up again? Prints what is not, exits 1
# then; else writes to <told> what its model would be given, a line each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
my (@said, $said_n);

sub item {
	my ($file, $id) = @_;
	my $value = read_object($file) // return;

	only($value, qw(id number ts task tokensIn tokensOut totalCost workspace mode));
	wrong('has another id than its folder') if ($value->{id} // '') ne $id;
	wrong('has no title') if !is_text($value->{task}) || !length $value->{task};
	wrong('goes on in another folder') if ($value->{workspace} // '') ne $cwd;
	for my $member (qw(number tokensIn tokensOut totalCost)) {
		wrong("has no $member") if !is_number($value->{$member});
	}
	in_order($value->{ts});
}

# What it shows must be told to the model, in that place.
sub panel {
	my ($file) = @_;
	my $value = read_object($file) // return;
	my $n = 0;

	return wrong('is no list of what is shown') if ref $value ne 'ARRAY' || !@$value;
	for my $shown (@$value) {
		next if !is_object($shown) && !wrong('shows what is no object');
		only($shown, qw(ts type say text conversationHistoryIndex));
		in_order($shown->{ts});
		wrong('shows what is not known') if ($shown->{type} // '') ne 'say' ||
			($shown->{say} // '') !~ ($n++ ? qr/^(text|user_feedback)$/ : qr/^text$/);
		wrong('shows it in another place than it is told')
			if !is_number($shown->{conversationHistoryIndex}) ||
			($said[$shown->{conversationHistoryIndex} + 1] // '') ne ($shown->{text} // '');
	}
}

sub picture {
	my ($block) = @_;
	my $source = $block->{source};

	only($block, qw(type source));
	wrong('has a picture that is none') if !is_object($source) ||
		($source->{type} // '') ne 'base64' || !is_base64($source->{data}) ||
		($source->{media_type} // '') !~ m{^image/};
}

sub tool_result {
	my ($block) = @_;
	my @text;

	only($block, qw(type tool_use_id content is_error));
	return wrong('has a result that is no list') if !is_list($block->{content});
	for my $inner (@{$block->{content}}) {
		if (is_object($inner) && ($inner->{type} // '') eq 'image') {
			picture($inner);
		} else {
			push @text, is_object($inner) ? $inner->{text} // '' : '';
		}
	}
	result($block->{tool_use_id}, join "\n\n", @text);
}

# A person's words stand in tags, so that they are told from the program's.
sub words {
	my ($text, $role, $is_summary) = @_;

	return if !has_words($text, 'a block');
	return $text if $role eq 'assistant' || $is_summary;
	return $2 if $text =~ m{^<(user_message|feedback|task|answer)>\n(.*)\n</\1>$}s;
	wrong('has words of a person without their tags');
	return;
}

sub block {
	my ($block, $role, $text, $is_summary) = @_;
	my $type = is_object($block) ? $block->{type} // '' : '';

	if ($type eq 'text') {
		my $words = words($block->{text}, $role, $is_summary);
		only($block, qw(type text));
		push @$text, $words if defined $words;
	} elsif ($type eq 'image' && $role eq 'user') {
		picture($block);
	} elsif ($type eq 'tool_use' && $role eq 'assistant') {
		only($block, qw(type id name input));
		told('assistant', 'text', join "\n\n", @$text) if @$text;
		$said[$said_n] = join "\n\n", @$text if @$text;
		@$text = ();
		call($block->{id}, $block->{name}, $block->{input});
	} elsif ($type eq 'tool_result' && $role eq 'user') {
		tool_result($block);
	} else {
		wrong("has a block that is not known: $type");
	}
}

# All results of an answer are one message.
sub message {
	my ($message) = @_;
	my $role = is_object($message) ? $message->{role} // '' : '';
	my ($results, @text);

	return wrong("is said by nobody who is known: $role") if $role !~ /^(user|assistant)$/;
	only($message, qw(role content ts isSummary));
	in_order($message->{ts});
	return wrong('has no content') if !is_list($message->{content}) || !@{$message->{content}};
	$results = grep { is_object($_) && ($_->{type} // '') eq 'tool_result' } @{$message->{content}};
	no_calls_open() if !$results;
	block($_, $role, \@text, $message->{isSummary}) for @{$message->{content}};
	no_calls_open() if $results;
	told($role, 'text', join "\n\n", @text) if @text;
	$said[$said_n] = join "\n\n", @text if @text;
	$said_n++;
}

my @tasks = find_files("$home/tasks", qr{/api_conversation_history\.json$});
wrong("no task in $home") if !@tasks;
for my $file (@tasks) {
	my ($id) = $file =~ m{^([^/]+)/[^/]+$} or wrong("$file: is not found by its name");
	my $value = read_object("$home/tasks/$file") // next;

	wrong('is not called by a UUID') if !is_uuid($id);
	next if ref $value ne 'ARRAY' && !wrong('is no list of messages');
	@said = ();
	$said_n = 0;
	message($_) for @$value;
	no_calls_open();
	wrong('has nothing to take up') if !@$value;
	panel("$home/tasks/$id/ui_messages.json");
	item("$home/tasks/$id/history_item.json", $id);
}
done($told);
