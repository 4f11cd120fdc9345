#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# needles: what nobody is to find: the seed of the device's key, whole and in
# halves, as its file has it, and the passphrase.
needles() {
	perl -MMIME::Base64 -e '
		my @lines = grep { !/^-/ } <>;
		my $file = decode_base64(join "", @lines);
		my $public = substr $file, index($file, "ssh-ed25519") + 15, 32;
		my $seed = substr $file, rindex($file, $public) - 32, 32;
		die "no seed" if length $seed != 32;
		print unpack("H*", $_), "\n" for $seed, substr($seed, 0, 16), substr($seed, 16),
			substr($lines[2], 0, 40), "open sesame";
	' "$VVAULT_KEYS/device"
}

# clean <command>...: it does what it should, and leaves none of them in memory.
clean() {
	"$VV_BUILD/tests/tools/remains" needles "$@" >out 2>err || {
		cat err >&2
		return 1
	}
}

case $VV_BUILD in
*/san) skip_all "a sanitizer keeps what was freed" ;;
esac

test_case 'what is looked for would be found' '
	vvault init v >/dev/null 2>&1 && needles >needles && test "$(wc -l <needles)" -eq 5 &&
	expect_exit 99 "$VV_BUILD/tests/tools/remains" needles sh -c "seed=\"open sesame\"; exit" 2>err &&
	grep "needle 5 in .*\[" err && cp "$VVAULT_KEYS/device" file &&
	expect_exit 99 "$VV_BUILD/tests/tools/remains" needles sh -c "text=\$(cat file); exit" 2>err &&
	grep "needle 4 in .*\[" err
'

test_case 'no command leaves the key or a passphrase in its memory' '
	git init -q --bare r && clean_init() { vvault init v >/dev/null 2>&1; } && clean_init && needles >needles &&
	export VVAULT_DIR=$PWD/v && clean vvault add --new nova memory:create "{\"content\":\"rain\"}" &&
	clean vvault remote add origin "$PWD/r" && clean vvault push && clean vvault ls nova && clean vvault log &&
	clean vvault recall rain && clean vvault status && clean vvault verify --full && clean vvault key show &&
	clean vvault init --recovery rescue --passphrase-file "$(phrase)" w && clean vvault clone "$PWD/r" c && clean vvault gc && clean vvault member list &&
	clean vvault key rotate && clean vvault key backup --passphrase-file "$(phrase)" copy &&
	clean vvault key protect --passphrase-file "$(phrase)" &&
	clean vvault key unlock --passphrase-file "$(phrase)" && clean vvault ls nova &&
	cp "$VVAULT_KEYS/device" sealed && clean vvault key protect --off && clean vvault key rotate --device &&
	clean vvault -C w log && cp sealed "$VVAULT_KEYS/device" &&
	clean vvault key lock && clean sh -c "! vvault ls nova" &&
	clean env VVAULT_KEYS="$PWD/k" vvault key restore --passphrase-file "$(phrase)" copy &&
	clean env VVAULT_KEYS="$PWD/l" vvault recover --passphrase-file "$(phrase)" copy "$PWD/r" d
'

test_case 'a crash leaves no core' '
	new_vault && ulimit -c unlimited && cat >crash.pl <<-"END" &&
		use IPC::Open2;
		my $pid = open2(my $out, my $in, @ARGV);
		print $in "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
		<$out>;
		kill "ABRT", $pid;
		waitpid $pid, 0;
		exit(($? & 127) != 6 ? 2 : $? & 128 ? 1 : 0);
	END
	{ perl crash.pl cat; test $? -eq 1 || skip_case "no cores here"; } && perl crash.pl vvault mcp
'

done_testing
