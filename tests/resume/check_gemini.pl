#!/usr/bin/perl
# usage: check_gemini.pl <~/.gemini/tmp> <folder to go on in> [<told>]
# Is each session one that Gemini CLI takes up again, and does not delete at a
# later start? Prints what is not, exits 1 then; else writes to <told> what its
# model would be given, a line each. $NOW is the time in seconds since 1970.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Check;

my ($home, $cwd, $told) = @ARGV;
utf8::decode($cwd);
my $now = $ENV{NOW} // time;
my ($suffix, $minute, $asked, %seen);

sub header {
	my ($line) = @_;
	my $id = $line->{sessionId};
	my $updated = is_time($line->{lastUpdated});

	only($line, qw(sessionId projectHash startTime lastUpdated kind summary));
	return wrong('has no id of the session') if !is_uuid($id);
	wrong('is deleted: its name ends as its id begins')
		if substr($id, 0, 8) eq $suffix;
	wrong('has no hash of the project')
		if ($line->{projectHash} // '') !~ /^[0-9a-f]{64}$/;
	wrong('began at another time than its name says')
		if !defined is_time($line->{startTime}) ||
		substr($line->{startTime}, 0, 16) =~ tr/:/-/r ne $minute;
	wrong('is deleted: it is older than 30 days')
		if !defined $updated || $updated < $now - 29 * 86400;
	wrong('is in the future') if defined $updated && $updated > $now + 86400;
	wrong('is no session of a person') if ($line->{kind} // '') ne 'main';
	wrong('has no title') if !is_text($line->{summary});
}

sub picture {
	my ($data) = @_;

	wrong('has a file that is none') if !is_object($data) ||
		!is_text($data->{mimeType}) || !is_base64($data->{data});
}

# The text of parts; of what a person said the program passes some over.
sub parts {
	my ($list, $is_user) = @_;
	my ($all, $pieces) = ('', '');

	if (!is_list($list)) {
		wrong('asks with what are no parts') if $is_user;
		$list = [{ text => $list }];
	}
	wrong('has no parts') if !@$list;
	for my $part (@$list) {
		if (!is_object($part)) {
			wrong('has a part that is no object');
		} elsif (exists $part->{text}) {
			only($part, qw(text thought));
			wrong('has a thought') if $part->{thought};
			has_words($part->{text}, 'a part') if length $part->{text};
			$all .= exists $part->{thought} ? '[]' : $part->{text};
			$pieces .= ($pieces ne '' ? "\n\n" : '') . $part->{text};
		} elsif (exists $part->{inlineData}) {
			only($part, qw(inlineData));
			picture($part->{inlineData});
			$all .= '[]';
			wrong('shows a file of the model') if !$is_user;
		} else {
			wrong('has a part that is not known: ' . join ' ', sort keys %$part);
		}
	}
	wrong('is passed over') if $is_user && $all =~ m{^\s*([/?]|\z)}a;
	return $pieces;
}

sub tool_call {
	my ($call) = @_;
	my ($result, @files) = is_list($call->{result}) ? @{$call->{result}} : ();
	my $function = is_object($result) ? $result->{functionResponse} : undef;
	my $status = $call->{status} // '';

	call($call->{id}, $call->{name}, $call->{args});
	wrong('has no time') if !defined is_time($call->{timestamp});
	return wrong('calls without a result') if !is_object($function);
	wrong('has a result of another call') if ($function->{id} // '') ne
		($call->{id} // '') || ($function->{name} // '') ne ($call->{name} // '');
	my $response = $function->{response};
	my $member = $status eq 'error' ? 'error' : 'output';
	wrong("has a status that is not known: $status")
		if $status !~ /^(success|error)$/;
	return wrong("has no $member") if !is_object($response) ||
		!is_text($response->{$member}) || keys %$response != 1;
	for my $file (@files) {
		picture(is_object($file) ? $file->{inlineData} : undef);
	}
	return [$call->{id}, $response->{$member}];
}

sub message {
	my ($line) = @_;
	my $type = $line->{type} // '';
	my $is_user = $type eq 'user';

	only($line, qw(id timestamp type content), $is_user ? () :
		qw(model toolCalls thoughts tokens));
	later($line->{timestamp});
	wrong('has no id') if !is_text($line->{id});
	wrong('says it twice') if $seen{$line->{id} // ''}++;
	return wrong("is of a type that is not known: $type")
		if !$is_user && $type ne 'gemini';
	wrong('has thoughts') if @{$line->{thoughts} // []};
	wrong('has no model') if !$is_user && !is_text($line->{model});
	my $calls = $line->{toolCalls} // [];
	my $text = exists $line->{content} && (!is_list($line->{content}) ||
		@{$line->{content}} || !@$calls) ? parts($line->{content}, $is_user) : '';
	told($is_user ? 'user' : 'assistant', 'text', $text)
		if length $text || $is_user;
	my @results = map { tool_call($_) } @$calls;
	result(@$_) for grep { ref } @results;
	no_calls_open();
	$asked++ if $is_user;
}

sub place {
	my ($slug) = @_;
	my $root = read_file("$home/$slug/.project_root");
	utf8::decode($root) if defined $root;
	my $list = json(read_file("$home/../projects.json") // '{}');
	my $projects = is_object($list) ? $list->{projects} // {} : {};

	wrong("$slug: is no name of a project") if $slug !~ /^[a-z0-9-]+$/;
	wrong("$slug: does not say that it is the folder's")
		if !defined $root || $root =~ s/\s+\z//r ne $cwd;
	for my $other (keys %$projects) {
		wrong("$slug: is another folder's") if $projects->{$other} eq $slug &&
			$other ne $cwd;
	}
	wrong("$slug: is not what the folder is called")
		if exists $projects->{$cwd} && $projects->{$cwd} ne $slug;
}

my @sessions = find_files($home, qr{(^|/)chats/});
wrong("no session in $home") if !@sessions;
for my $file (@sessions) {
	if ($file !~ m{^([^/]+)/chats/session-(\d{4}-\d\d-\d\dT\d\d-\d\d)-([\w]+)\.jsonl$}a) {
		wrong("$file: is not found by its name");
		next;
	}
	($minute, $suffix) = ($2, $3);
	$minute =~ tr/:/-/;
	place($1);
	$asked = 0;
	%seen = ();
	read_lines("$home/$file", sub {
		my ($line, $n) = @_;

		return header($line) if $n == 1;
		message($line);
	});
	wrong('has nothing to take up') if !$asked;
}
done($told);
