# What the checkers of sessions share that writers made for an agent: each
# names what is wrong by file and line, and tells in one form what the agent's
# model would be given.
package Check;
use strict;
use warnings;
use Exporter 'import';
use File::Find;
use JSON::PP;
use Time::Local qw(timegm);

our @EXPORT = qw(wrong done find_files read_file read_lines read_object json
	is_text is_number is_object is_list is_time is_uuid is_base64 later
	in_order only has_words call result no_calls_open told);

my $json = JSON::PP->new->utf8->allow_nonref;
my $plain = JSON::PP->new->canonical->allow_nonref;
my ($broken, $at, @told, @open, %called, $last) = (0, '');

sub wrong {
	binmode STDOUT, ':utf8';
	print "$at: @_\n";
	$broken = 1;
	return 0;
}

# The end: what was told goes to a file, where one is named.
sub done {
	my ($file) = @_;

	if (defined $file && !$broken) {
		open my $out, '>:utf8', $file or die "$file: $!";
		print $out "$_\n" for @told;
		close $out or die "$file: $!";
	}
	exit $broken;
}

# Of bytes, or of a text that stood in JSON itself.
sub json {
	my ($text) = @_;

	return eval { (utf8::is_utf8($text) ? $plain : $json)->decode($text) };
}

# Files below a folder whose path there is so.
sub find_files {
	my ($root, $like) = @_;
	my @found;

	find({ no_chdir => 1, wanted => sub {
		my $path = substr $_, length($root) + 1 if length > length $root;

		push @found, $path if -f && defined $path && $path =~ $like;
	} }, $root) if -d $root;
	@found = sort @found;
	return @found;
}

sub read_file {
	my ($file) = @_;

	open my $in, '<:raw', $file or return;
	local $/;
	return <$in>;
}

# Each line of a file is an object: tell them one by one.
sub read_lines {
	my ($file, $each) = @_;
	my $text = read_file($file);
	my $n = 0;

	$at = $file;
	undef $last;
	%called = ();
	return wrong('is not there') if !defined $text;
	wrong('does not end with a line') if $text !~ /\n\z/;
	for my $line (split /\n/, $text) {
		$n++;
		$at = "$file, line $n";
		my $value = json($line);
		if (ref $value eq 'HASH') {
			$each->($value, $n, length $line);
		} else {
			wrong('is no JSON object');
		}
	}
	$at = $file;
	return $n;
}

# A file that is one document: its value, or undef where it is none.
sub read_object {
	my ($file) = @_;
	my $text = read_file($file);
	my $value = defined $text ? json($text) : undef;

	$at = $file;
	undef $last;
	%called = ();
	return $value if ref $value;
	wrong(defined $text ? 'is no JSON' : 'is not there');
	return;
}

sub is_number {
	my ($value) = @_;

	return defined $value && !ref $value && !is_text($value);
}

sub is_text {
	my ($value) = @_;

	return defined $value && !ref $value && $plain->encode($value) =~ /^"./s;
}

sub is_object { return ref $_[0] eq 'HASH' }
sub is_list { return ref $_[0] eq 'ARRAY' }

sub is_uuid {
	return is_text($_[0]) && $_[0] =~
		/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
}

# To the millisecond, in UTC; seconds since 1970.
sub is_time {
	return if !is_text($_[0]) || $_[0] !~
		/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/;
	my $seconds = eval { timegm($6, $5, $4, $3, $2 - 1, $1) };
	return defined $seconds ? $seconds + $7 / 1000 : undef;
}

# A time, and not before those of the lines above; tools take theirs, and
# others go on meanwhile. $TIMES=any: as the source had them.
sub later {
	my ($text, $is_of_tool) = @_;
	my $time = is_time($text);

	return wrong('has no time to the millisecond') if !defined $time;
	return 1 if $is_of_tool || ($ENV{TIMES} // '') eq 'any';
	return wrong('is earlier than one above it')
		if defined $last && $time < $last;
	$last = $time;
	return 1;
}

# The same of milliseconds.
sub in_order {
	my ($time) = @_;

	return 1 if ($ENV{TIMES} // '') eq 'any' && is_number($time);
	return wrong('has no time in milliseconds')
		if !is_number($time) || $time !~ /^\d{13}$/;
	return wrong('is earlier than one above it')
		if defined $last && $time < $last;
	$last = $time;
	return 1;
}

# An object has no members but these.
sub only {
	my ($object, @names) = @_;
	my %may = map { $_ => 1 } @names;

	for my $name (sort keys %$object) {
		wrong("has a member that is not known: $name") if !$may{$name};
	}
}

# Words for the model; those of a program on the old machine are none.
sub has_words {
	my ($text, $what) = @_;

	return wrong("$what is no text") if !is_text($text) || !length $text;
	return wrong("$what is of the old machine") if $text =~
		/^\s*<(environment_context|user_instructions|system-reminder|session_context|hook_context|current_datetime)>/;
	return 1;
}

sub is_base64 {
	return is_text($_[0]) && $_[0] =~ m{^(?:[\w+/]{4})+(?:[\w+/]{2}==|[\w+/]{3}=)?$}a ||
		is_text($_[0]) && $_[0] =~ m{^[\w+/]{2,3}==?$}a;
}

# --- calls and what they gave

# Calls stand together, and their results right behind them.
sub call {
	my ($id, $name, $input) = @_;

	return wrong('calls without an id') if !is_text($id);
	wrong("has an id that a program may refuse: $id") if $id !~ /^[\w-]{1,64}$/a;
	wrong('calls a tool without a name')
		if !is_text($name) || $name !~ /^[\w-]{1,128}$/a;
	wrong('calls with what is no object') if !is_object($input);
	wrong("calls twice by one id: $id") if $called{$id}++;
	push @open, $id;
	told('assistant', 'call', ($name // '') . ' ' . $plain->encode($input), $id);
}

sub result {
	my ($id, $text) = @_;
	my @left = grep { !is_text($id) || $_ ne $id } @open;

	return wrong('has a result of no call that is open') if @left == @open;
	@open = @left;
	told('tool', 'result', $text, $id);
}

# Something else begins.
sub no_calls_open {
	wrong("comes before the results of: @open") if @open;
	@open = ();
}

# role, kind, text, id
sub told {
	push @told, $plain->encode([map { $_ // '' } @_]);
}

1;
