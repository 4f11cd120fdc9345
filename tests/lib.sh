# Helpers of the command tests, read after tap.sh.

# new_vault [<option of init>...]: a vault `v`, and every command uses it.
new_vault() {
	vvault init "$@" v >/dev/null
	export VVAULT_DIR="$PWD/v"
}

# exact_stacks: from here on the sanitizers tell whose a leak is also where
# libgit2 made it (tests/house/lsan.supp), which takes half as much time again.
exact_stacks() {
	export ASAN_OPTIONS="$ASAN_OPTIONS:fast_unwind_on_malloc=0"
}

# some: of lines that are alike all, or one in three under a sanitizer, which
# makes each process ten times as slow and looks for faults of another kind.
some() {
	case $VV_BUILD in
	*/san) awk 'NR % 3 == 1' ;;
	*) cat ;;
	esac
}

# as <device> <command>...: with the keys of another device.
as() (
	export VVAULT_KEYS="$tap_case/keys-$1"
	shift
	"$@"
)

# phrase: a file that holds a passphrase.
phrase() {
	echo "open sesame" >"$tap_case/phrase" && echo "$tap_case/phrase"
}

# did: who this device is.
did() {
	vvault key show | { read -r did && echo "$did"; }
}

# version_of <expression>: the id of the one version that it names.
version_of() {
	vvault show --json "$1" |
		sed 's/.*,"version":"\([0-9a-f]\{40\}\)"}$/\1/'
}

# once <command>...: the folder that the command fills, and the keys that it
# makes. It runs when a case first asks; this and each later case get copies,
# in which remotes that lie in the folder are those of the copy.
once() {
	made=$tap_root/$(echo "made $*" | tr -c '[:alnum:]\n' _)
	test -e "$made/done" || once_make "$@" || return
	cp -a "$made/work/." . && cp -a "$made"/keys* "$tap_case/" &&
	sed -i "s|$made/work/|$PWD/|" */config
}

once_make() (
	rm -rf "$made" && mkdir -p "$made/work" && cd "$made/work" &&
	tap_case=$made && export VVAULT_KEYS="$made/keys" && "$@" &&
	touch "$made/done"
)

# add <construct> <content>: one memory; prints the id of its record.
add() {
	vvault add "$1" memory:create "{\"content\":\"$2\"}"
}

# entity_of <record>: what it speaks of.
entity_of() {
	vvault cat "$1" | jq -r .entity
}

# keys_are '<names in order>': of the JSON object on standard input.
keys_are() {
	jq -r 'keys_unsorted | join(" ")' >keys.got
	test "$(cat keys.got)" = "$1" || {
		echo "keys are '$(cat keys.got)', not '$1'" >&2
		return 1
	}
}

# is_id <text>: 40 lower-case hex digits.
is_id() {
	printf '%s\n' "$1" | grep -qxE '[0-9a-f]{40}'
}

error_rest='"message":"([^"\\]|\\["\\/bfnrtu])+"\}\}'

# error_is <code>: the JSON error in the file err has it, a message, and no
# more.
error_is() {
	test -s err && ! grep -qvxE "\{\"error\":\{\"code\":\"$1\",$error_rest" err || {
		cat err >&2
		return 1
	}
}

# two_devices [<option of init>...]: vaults a and b of devices a and b, the
# bare repository r between them. a has the construct nova; b is a writer.
two_devices() {
	once make_two_devices "$@"
}

make_two_devices() {
	git init -q --bare r
	as a vvault init "$@" a >/dev/null
	as a vvault -C a add --new nova memory:create \
		'{"content":"the first"}' >/dev/null
	as a vvault -C a remote add origin "$PWD/r"
	as a vvault -C a push >/dev/null
	as b vvault clone "$PWD/r" b >/dev/null 2>&1
	as a vvault -C a member add "$(as b did)" >/dev/null
	as a vvault -C a push >/dev/null
	as b vvault -C b pull >/dev/null
}

# says [-s] <filter> <command>...: it prints JSON, of which this is true.
says() {
	slurp=
	test "$1" != -s || { slurp=-s && shift; }
	filter=$1
	shift
	# An import may have found something that cannot be read.
	{ "$@" >says.out || test $? -eq 3; } && test -s says.out && jq -e $slurp "$filter" says.out
}

# make_zip <archive> [<name> <file>]...: an honest archive.
make_zip() {
	perl -MIO::Compress::Zip=:all -e '
		my $archive = shift;
		my $zip;
		while (my ($name, $file) = splice @ARGV, 0, 2) {
			open my $in, "<", $file or die "$file: $!";
			binmode $in;
			local $/;
			my @how = (Name => $name, Time => 1e9);
			$zip ? $zip->newStream(@how)
			     : ($zip = IO::Compress::Zip->new($archive, @how));
			$zip->print(<$in>);
		}
		$zip->close;
	' "$@"
}

# Each of these prints what it says; with a filter, whether that is true.
# talk <construct> <session key> [<filter>]: its messages in order.
talk() {
	vvault ls --json "$1" message | jq -s${3:+e} --arg s "session:$1:$2" \
		"map(select(.state.session == \$s)) | sort_by(.state.index) |
		map(.state + {entity})${3:+ | $3}"
}

# session <construct> <key> [<filter>]
session() {
	vvault ls --json "$1" session | jq -s${3:+e} --arg s "session:$1:$2" \
		"map(select(.entity == \$s)) | .[0].state${3:+ | $3}"
}

# twice <construct> <file>: importing again makes no version.
twice() {
	before=$(version_of "$1") &&
	{ vvault import --json "$2" >again || test $? -eq 3; } &&
	{ cat "$2" | vvault import --json - >>again || test $? -eq 3; } &&
	test -s again &&
	jq -se "all(.version == null and .records.new == 0)" again >/dev/null &&
	test "$(version_of "$1")" = "$before"
}

# fold <construct>: every entity with its state, but where it came from.
fold() {
	vvault ls --json "$1" | jq -c 'select(.kind != "source") | [.entity, .state]' | sort
}

# told <words>: how often the report in the file out left that out.
told() {
	jq -r --arg w "$1" '[.sources[].skipped[] |
		select(.reason | contains($w)).count] | add // 0' out
}

# state_of <construct> <entity> [<filter>]: what stands of it.
state_of() {
	vvault ls --json "$1" | jq -nc${3:+e} --arg e "$2" \
		"inputs | select(.entity == \$e).state${3:+ | $3}"
}

# path_of <construct> <session>: the keys of its shown branch, from the root.
path_of() {
	vvault ls --json "$1" >all.path
	jq -cs --arg s "$2" '(map({key: .entity, value: .state}) | from_entries)
		as $all | [$all[$s].active | recurse($all[.].parent; . != null)] |
		reverse | map(sub(".*/"; ""))' all.path
}

# flip <file> <offset>: the byte there is another one; a negative offset counts
# from the end.
flip() {
	chmod u+w "$1" && perl -e '
		my ($file, $at) = @ARGV;
		open my $f, "+<:raw", $file or die "$file: $!";
		seek $f, $at, $at < 0 ? 2 : 0; read $f, my $byte, 1;
		seek $f, $at, $at < 0 ? 2 : 0; print $f chr(ord($byte) ^ 0x55);
		close $f or die' "$1" "$2"
}
