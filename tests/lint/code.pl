#!/usr/bin/perl
# usage: code.pl <file.c|file.h>...
# The rules of the house that no compiler knows. Prints "file:line: what" for
# each break and exits 1 if there was one.
use strict;
use warnings;

my %limit = (file => 600, command => 250, function => 60, params => 6,
	nesting => 3, width => 100, namesakes => 8);
my %may_include = (
	lib => [qw(lib)],
	objects => [qw(lib objects)],
	hooks => [qw(lib hooks)],
	refs => [qw(lib objects refs)],
	cmd => [qw(lib objects refs hooks cmd)],
	tests => [qw(lib objects refs hooks cmd tests)],
);
# Within a layer: each folder may include those before it, and itself. The
# folders of a layer that is not listed stand beside each other.
my %order = (
	lib => [qw(base id json settings os secret time)],
	objects => [qw(record fold pack store repack tree blob)],
	# Within a folder files may go round in a circle where one idea takes
	# several: who is who at which version of `vault` (vault/authority,
	# roster, state), judging versions (verify), folding what was folded
	# before (view/each, snapshot, forgotten), a write that is judged by
	# what it would publish (write).
	refs => [qw(key history vault vault/records verify trust view proof write index/words
		index/shard index/lists index operations forget upkeep remote/transport remote/side
		remote/exchange remote/intake remote renew)],
);
# Here only the files of a folder itself include its _internal.h.
my %keeps_internal = map { $_ => 1 } qw(lib objects hooks refs cmd);
# Who sees libgit2's repository: others ask a store, or refs/history/repo.h.
my $sees_repository = qr{^(objects|refs/history|refs/remote|tests)/};
my %layer_folder = map { $_ => 1 } qw(lib objects refs hooks);
# What the library has of cmd: as silent as the layers, and it knows no front.
my $behind = qr{^cmd/(action|import|export|acu|capture|client|context|resume)/};
my $front = qr{^cmd/(browse|cli|render|stay|watch)/};
my %standard_header = map { ("$_.h" => 1) } qw(assert complex ctype errno
	fenv float inttypes iso646 limits locale math setjmp signal stdalign
	stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string
	strings tgmath threads time uchar wchar wctype dirent fcntl fnmatch
	glob grp netdb poll pthread pwd regex sched semaphore spawn termios
	unistd sys/mman sys/resource sys/select sys/socket sys/stat
	sys/statvfs sys/time sys/types sys/uio sys/un sys/wait);
my $libraries = qr/git_|json_|XXH|crypto_|sodium_/;
my $unbounded = qr/strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof
	|gets|alloca/x;
my $silent = qr/isatty|printf|vprintf|puts|putchar|perror|psignal|exit|quick_exit
	|abort|getenv|secure_getenv|setenv|putenv|unsetenv/x;

my $broken = 0;

sub broken {
	my ($file, $line, $what) = @_;

	print "$file:$line: $what\n";
	$broken = 1;
}

# The same text with comments, strings and characters blanked, line by line.
sub blank {
	my ($text) = @_;
	my $spaces = sub { (my $s = shift) =~ s/[^\n]/ /g; return $s };

	$text =~ s{(/\*.*?\*/)|("(?:\\.|[^"\\\n])*")|('(?:\\.|[^'\\\n])+')}
		{ defined $1 ? $spaces->($1)
		: defined $2 ? '"' . $spaces->(substr($2, 1, -1)) . '"'
		: "'" . $spaces->(substr($3, 1, -1)) . "'" }gesx;
	return $text;
}

sub line_of {
	my ($text, $at) = @_;

	return 1 + (substr($text, 0, $at) =~ tr/\n//);
}

# --- whole files -----------------------------------------------------------

# Characters have width, not bytes; a tab goes to the next eighth column.
sub width_of {
	my ($line) = @_;

	utf8::decode($line);
	1 while $line =~ s/^([^\t]*)\t/$1 . ' ' x (8 - length($1) % 8)/e;
	return length $line;
}

sub check_words {
	my ($file, $raw, $code) = @_;
	my ($folder) = $file =~ m{^(\w+)/};
	my $n = 0;

	for my $line (split /\n/, $raw) {
		$n++;
		broken($file, $n, "unfinished: '$1'")
			if $line =~ /\b(TODO|FIXME|XXX)\b/;
		broken($file, $n, 'space at the end of the line')
			if $line =~ /[ \t]$/;
		broken($file, $n, 'indented with spaces')
			if $line =~ /^ {8}/;
		my $width = width_of($line);
		broken($file, $n, "$width columns, at most $limit{width}")
			if $width > $limit{width};
	}
	$n = 0;
	for my $line (split /\n/, $code) {
		$n++;
		broken($file, $n, '// comment') if $line =~ m{//};
		broken($file, $n, "unbounded function '$1'")
			if $line =~ /(?<![\w.>])($unbounded)\s*\(/;
		broken($file, $n, 'typedef') if $line =~ /^\s*typedef\b/;
		broken($file, $n, "'$1' belongs to a library")
			# A word that a library asks for is no name of ours.
			if $line =~ /^\s*#\s*define\s+(?!\w+_LINKING_ONLY)($libraries\w*)/ ||
			   $line =~ /\b(?:struct|enum|union)\s+($libraries\w*)\s*\{/;
		broken($file, $n, "'$1' is for refs/history and refs/remote")
			if $line =~ /\b(git_repository\w*|store_repository)\b/ &&
			   $file !~ $sees_repository;
		next unless $layer_folder{$folder} || $file =~ $behind;
		broken($file, $n, "'$1': only the fronts in cmd print,"
			. ' exit, ask a terminal and read the environment')
			if $line =~ /(?<![\w.>])($silent)\s*\(/ ||
			   $line =~ /(?<![\w.>])(stdout|stderr)\b/ ||
			   # A child inherits it: that is handing on, no reading.
			   $file ne 'lib/os/spawn.c' && $line =~ /\b(environ)\b/;
		# libgit2 makes sockets without saying for whom: only the thread
		# can tell.
		broken($file, $n, 'a global that changes')
			if $layer_folder{$folder} && $file ne 'refs/remote/transport/sockets.c' &&
			   $line =~ /^static\s(?!inline\b)(?!.*\bconst\b)
				[^()]*[=;\[]/x;
	}
}

# From 1 up; undef where the layer has no order. A folder that is new to a
# layer with one is to be given its place.
sub place_in_layer {
	my ($file) = @_;
	my ($layer, $room) = $file =~ m{^(\w+)/(.+)/[^/]*$} or return undef;
	my $rooms = $order{$layer} or return undef;

	for my $i (0 .. $#$rooms) {
		return $i + 1 if $rooms->[$i] eq $room;
	}
	broken($file, 1, "the folder $layer/$room has no place in the order");
	return undef;
}

# What readers of many formats share is no family.
sub family_of {
	my ($file) = @_;

	return '' unless $file =~ m{^cmd/import/(\w+)/};
	return $1 =~ /^(beside|database|flat|identity|input|jsonl|logs|parse|records|secrets)$/ ? '' : $1;
}

sub check_includes {
	my ($file, $raw) = @_;
	my ($folder) = $file =~ m{^(\w+)/};
	my %may = map { $_ => 1 } @{ $may_include{$folder} || [] };
	my $place = place_in_layer($file);
	my $n = 0;

	for my $line (split /\n/, $raw) {
		$n++;
		my ($ours) = $line =~ /^\s*#\s*include\s*"([^"]*)"/;
		my ($theirs) = $line =~ /^\s*#\s*include\s*<([^>]*)>/;
		if (defined $ours) {
			my ($target) = $ours =~ m{^(\w+)/};
			broken($file, $n, "'$ours' is kept to its own folder")
				if $ours =~ m{^(.*)/\w+_internal\.h$} &&
				   $file !~ m{^\Q$1\E/[^/]+$} &&
				   $keeps_internal{$folder};
			if (!defined $target) {
				broken($file, $n, "include '$ours' names no folder");
			} elsif (!$may{$target}) {
				broken($file, $n, "$folder/ may not include $target/");
			} elsif ($place && $target eq $folder &&
				 (place_in_layer($ours) || 0) > $place) {
				broken($file, $n, "includes '$ours': its folder"
					. ' comes later in the order of ' . $folder);
			}
			broken($file, $n, "'$ours': the library knows no front")
				if $file =~ $behind && $ours =~ $front;
			# Where sources lie is found apart from what is in them.
			my ($room) = $file =~ m{^cmd/(import|capture)/};
			broken($file, $n, "'$ours': cmd/$room may not include it")
				if $room && ($room eq 'import' ?
					$ours =~ m{^cmd/capture/} :
					$ours =~ m{^cmd/(?!capture/|import/)});
			my ($family, $other) = map { family_of($_) } $file, $ours;
			broken($file, $n, "the importers of $family include none"
				. " of $other")
				if $family && $other && $family ne $other;
		} elsif (defined $theirs && $file =~ /\.h$/ &&
			 !$standard_header{$theirs}) {
			broken($file, $n, "header of a library '$theirs' in a header")
				unless $folder eq 'tests' ||
				       ($theirs =~ m{^git2(\.h|/)} &&
				        $folder =~ /^(objects|refs)$/);
		}
	}
}

sub check_file {
	my ($file, $raw) = @_;
	my $lines = $raw =~ tr/\n//;
	my $max = $file =~ m{^cmd/(action|cli)/} ? $limit{command} : $limit{file};

	broken($file, $lines, "$lines lines, at most $max") if $lines > $max;
	broken($file, 1, 'a header opens with one line on what it is')
		if $file =~ /\.h$/ && $raw !~ m{^/\*};
}

# --- functions -------------------------------------------------------------

# Nesting, by reading statements: [tokens], each [text, line].
my (@token, $next, $deepest, $deepest_line);

sub peek { return $next < @token ? $token[$next][0] : '' }

sub skip_parens {
	my $depth = 0;

	while ($next < @token) {
		my $t = $token[$next++][0];
		$depth++ if $t eq '(';
		$depth-- if $t eq ')';
		return if $depth == 0;
	}
}

sub skip_expression {
	my $depth = 0;
	my $first = $next;

	while ($next < @token) {
		my $t = $token[$next][0];
		return 0 if $depth == 0 && $t eq '}';
		$depth++ if $t =~ /^[(\[{]$/;
		$depth-- if $t =~ /^[)\]}]$/;
		$next++;
		return 0 if $depth == 0 && $t eq ';';
		# name (...) { : a macro that is a loop
		return 1 if $depth == 0 && $t eq ')' && peek() eq '{' &&
			$token[$first + 1][0] eq '(';
	}
	return 0;
}

sub statement {
	my ($depth) = @_;
	my $t = peek();

	if ($depth > $deepest) {
		$deepest = $depth;
		$deepest_line = $token[$next][1] if $next < @token;
	}
	if ($t eq '{') {
		$next++;
		statement($depth) while $next < @token && peek() ne '}';
		$next++;
	} elsif ($t =~ /^(if|for|while|switch)$/) {
		$next++;
		skip_parens();
		statement($depth + 1);
		if ($t eq 'if' && peek() eq 'else') {
			$next++;
			statement(peek() eq 'if' ? $depth : $depth + 1);
		}
	} elsif ($t eq 'do') {
		$next++;
		statement($depth + 1);
		$next++;
		skip_parens();
		$next++;
	} elsif ($t eq 'case' || $t eq 'default') {
		$next++ while $next < @token && peek() ne ':';
		$next++;
	} elsif ($next + 1 < @token && $token[$next + 1][0] eq ':' &&
		 $t =~ /^\w+$/) {
		$next += 2;
	} else {
		statement($depth + 1) if skip_expression();
	}
}

sub check_body {
	my ($file, $name, $body, $line) = @_;
	my (%label_line, @goto);

	@token = ();
	while ($body =~ /\G(?:(\n)|[ \t\\]+|(\w+|"[^"]*"|'[^']*'|.))/g) {
		if (defined $1) { $line++ } elsif (defined $2) {
			push @token, [$2, $line];
		}
	}
	# Preprocessor lines inside a function are rare and no statements.
	($next, $deepest, $deepest_line) = (0, 0, $line);
	statement(0);
	broken($file, $deepest_line, "'$name' nests $deepest deep, at most"
		. " $limit{nesting}") if $deepest > $limit{nesting};
	for my $i (1 .. $#token) {
		push @goto, $token[$i] if $token[$i - 1][0] eq 'goto';
		$label_line{$token[$i - 1][0]} = $token[$i - 1][1]
			if $token[$i][0] eq ':' &&
			   $token[$i - 1][0] =~ /^[a-z_]\w*$/ && $i > 1 &&
			   $token[$i - 2][0] =~ /^[;{}]$/;
	}
	for my $goto (@goto) {
		my $to = $label_line{$goto->[0]};
		broken($file, $goto->[1], "goto '$goto->[0]' goes back")
			if defined $to && $to <= $goto->[1];
	}
}

sub count_params {
	my ($list) = @_;
	my ($depth, $count) = (0, 1);

	return 0 if $list =~ /^\s*(void)?\s*$/;
	for my $c (split //, $list) {
		$depth++ if $c eq '(';
		$depth-- if $c eq ')';
		$count++ if $c eq ',' && $depth == 0;
	}
	$count-- if $list =~ /\.\.\.\s*$/;
	return $count;
}

# A function is a "{" in the first column, up to the next "}" there.
sub check_functions {
	my ($file, $raw, $code) = @_;

	(my $plain = $code) =~ s{^([ \t]*#(?:.*\\\n)*.*)$}
		{ (my $s = $1) =~ s/[^\n]/ /g; $s }gem;
	while ($plain =~ /^\{(.*?)^\}/gms) {
		my ($body, $start, $end) = ($1, $-[0], $+[0]);
		my $before = substr($plain, 0, $start);
		my $from = 0;
		$from = $+[0] if $before =~ /.*(?:;[ \t]*$|^\}[^\n]*$)/ms;
		my $head = substr($before, $from);
		next unless $head =~ /(\w+)\s*\((.*)\)\s*$/s;
		# The parameter list is the last balanced (...) before the body.
		next unless $head =~ /(\w+)\s*(\((?:[^()]|(?2))*\))\s*$/;
		my ($name, $params) = ($1, substr($2, 1, -1));
		my $comment = substr($raw, $from, $start - $from);
		my ($lead) = $head =~ /^(\s*)/;
		my $first = line_of($plain, $from + length $lead);
		my $length = line_of($plain, $end) - $first + 1;

		broken($file, $first, "'$name' has $length lines, at most"
			. " $limit{function}")
			if $length > $limit{function} &&
			   $comment !~ /flat\s+(\*\s*)?(table|switch)/;
		my $count = count_params($params);
		broken($file, $first, "'$name' has $count parameters, at most"
			. " $limit{params}") if $count > $limit{params};
		broken($file, $first, "'$name' belongs to a library")
			if $name =~ /^$libraries/;
		check_body($file, $name, "{$body}", line_of($plain, $start));
	}
}

# A name is found by search only where few files give it to things of their own.
my %namesake;

sub note_names {
	my ($file, $code) = @_;

	return if $file =~ m{^tests/};
	while ($code =~ /^(?:static\s[^=;{(]*?\b(\w+)\(|(struct\s\w+)\s\{)/gm) {
		$namesake{$1 // $2}{$file} //= line_of($code, $-[0]);
	}
}

sub check_names {
	for my $name (sort keys %namesake) {
		my @files = sort keys %{ $namesake{$name} };

		broken($files[0], $namesake{$name}{$files[0]}, "'$name' is a name"
			. ' in ' . @files . ' files, give each its own: '
			. join(' ', @files)) if @files > $limit{namesakes};
	}
}

for my $file (@ARGV) {
	open my $in, '<', $file or die "$file: $!";
	my $raw = do { local $/; <$in> };
	close $in;
	my $code = blank($raw);
	check_file($file, $raw);
	check_words($file, $raw, $code);
	check_includes($file, $raw);
	check_functions($file, $raw, $code);
	note_names($file, $code);
}
check_names();
exit $broken;
