# Helpers of the tests that nothing is lost, read after tap.sh and lib.sh.
# VV_NIGHTLY=1 makes them as long as a night allows.

# size <in make check> <nightly> [<in make check under a sanitizer>]: there a
# third, if nothing is said.
size() {
	case ${VV_NIGHTLY:-no}$VV_BUILD in
	no*/san) echo "${3:-$((($1 + 2) / 3))}" ;;
	no*) echo "$1" ;;
	*) echo "$2" ;;
	esac
}

# How often a full disk must have been met in the steps of a test.
full_least=$(seq 5 | some | wc -l)

# verified <vault>...: every byte of each is as it must be.
verified() {
	for verified_vault; do
		vvault -C "$verified_vault" verify --full --json >verified.out ||
			{ cat verified.out >&2; return 1; }
	done
}

# set_of <vault> <construct>: tells whether two vaults know the same.
set_of() {
	{ vvault -C "$1" verify --full --json || test $? -eq 1; } |
		sed -n "s/.*\"sets\":{[^}]*\"$2\":\"\([0-9a-f]*\)\".*/\1/p" |
		grep .
}

# fold_of <vault> <construct>: its whole state in one line.
fold_of() {
	vvault -C "$1" ls --json "$2" >fold.raw || return
	sort fold.raw | sha256sum
}

# records_in <vault> <construct>
records_in() {
	vvault -C "$1" construct list --json |
		sed -n "s/^{\"construct\":\"$2\",.*\"records\":\([0-9]*\),.*/\1/p" |
		grep .
}

# entities_in <vault> <construct> <kind>
entities_in() {
	vvault -C "$1" ls --json "$2" "$3" >entities.out &&
		wc -l <entities.out
}

# no_locks <vault>...: no lock of git's. (vvault's own files of locks stay, in
# vvault/locks; the kernel holds those.)
no_locks() {
	find "$@" -name '*.lock' >locks.out
	test ! -s locks.out || {
		echo "left behind:" && cat locks.out
		return 1
	} >&2
}

# no_leftovers <vault>...: nor anything that was not finished. What was
# killed leaves such files, under the names that `git prune` knows.
no_leftovers() {
	no_locks "$@"
	find "$@" -name 'tmp_*' -o -name '*.tmp*' -o -name 'pack_git2_*' \
		-o -name '.tmp*' >leftovers.out
	test ! -s leftovers.out || {
		echo "left behind:" && cat leftovers.out
		return 1
	} >&2
}

# git_is_content <repository>...: plain git has no complaint.
git_is_content() {
	for content_repo; do
		git -C "$content_repo" fsck --strict --no-dangling \
			--no-progress >fsck.out 2>&1 &&
			test ! -s fsck.out || { cat fsck.out >&2; return 1; }
	done
}

# capsule <name> <version> <memories>: a capsule with so many of them, each
# of some 200 bytes, all of which the next version has too.
capsule() {
	awk -v name="$1" -v version="$2" -v n="$3" 'BEGIN {
		printf "{\"metadata\":{\"instance_name\":\"%s\",", name
		printf "\"uuid\":\"00000000-0000-4000-8000-%012d\",", version
		printf "\"timestamp\":\"2026-02-%02dT10:00:00+00:00\",", version
		printf "\"capsule_version\":\"1.0.0\"},"
		printf "\"traits\":{\"warmth\":0.%d},\"memory\":{", version
		printf "\"long_term_memories\":["
		for (i = 1; i <= n; i++) {
			printf "%s", (i > 1 ? "," : "")
			printf "\"memory %d of %s: something that ", i, name
			printf "was said and is kept word for word, with "
			printf "a number at its end: %d\"", (i * 7919) % 10007
		}
		print "]}}"
	}'
}

# lines <tag> <n>: so many records as `export --format jsonl` gives them, of
# some 400 bytes that do not shrink to nothing.
lines() {
	awk -v tag="$1" -v n="$2" 'BEGIN {
		srand(n)
		for (i = 1; i <= n; i++) {
			printf "{\"at\":\"2026-02-03T04:05:06.%06dZ-0000-", i
			printf "00000000\",\"data\":{\"content\":\"line %d ", i
			printf "of %s, which is told at length: ", tag
			for (j = 0; j < 25; j++)
				printf "%08x", int(rand() * 4294967295)
			printf "\"},\"entity\":\"memory:%s-%06d\",", tag, i
			print "\"prev\":[],\"type\":\"memory:create\"}"
		}
	}'
}

# random <n>: below n, into $drawn. $seed is said when a case fails.
random() {
	test -n "${drawn_from:-}" || {
		drawn_from=${seed:=${VV_SEED:-$(date +%N | sed "s/^0*//")}}
		echo "VV_SEED=$seed" >&2
	}
	drawn_from=$(((drawn_from * 1103515245 + 12345) & 0x7fffffff))
	drawn=$(((drawn_from >> 8) % $1))
}

# span_of <command>...: how long it runs, into $span, in microseconds
span_of() {
	span_begin=$(date +%s%N)
	"$@" >/dev/null
	span=$((($(date +%s%N) - span_begin) / 1000))
}

# strike <command>...: run it, and kill it -9 at a moment below $span. Adds
# to $hits when it was still running; fails when it failed by itself.
strike() {
	random $((span + 1))
	strike_got=0
	perl "$VV_TOP/tests/strike.pl" "$drawn" "$@" >strike.out \
		2>strike.err || strike_got=$?
	tries=$((tries + 1))
	case $strike_got in
	137) hits=$((hits + 1)) ;;
	0) ;;
	*)
		cat strike.err >&2
		return 1
		;;
	esac
}

# small_disk <folder> <KiB>: a disk of its own, as large as that. Skips the
# case where this may not be done.
small_disk() {
	mkdir -p "$1"
	mount -t tmpfs -o "size=${2}k" none "$1" 2>/dev/null ||
		skip_case 'no right to mount a small disk'
	at_end "umount -l '$PWD/$1'"
}

# leave <folder> <KiB>: so much room on that disk and no more
leave() {
	rm -f "$1/filler"
	leave_free=$(df -k --output=avail "$1" | tail -n 1)
	test "$leave_free" -ge "$2" || { echo "no $2 KiB left" >&2; return 1; }
	head -c "$(((leave_free - $2) * 1024))" /dev/zero >"$1/filler"
}

# full <folder> <command>...: it either works or fails for want of space, with
# status 128, one sentence and nothing on standard output. Counts in $failed;
# $worked is how often on end it has worked, and after three times more room
# shows nothing new.
full() {
	full_got=0 && full_dir=$1 && shift
	"$@" >full.out 2>full.err || full_got=$?
	case $full_got in
	0) worked=$((worked + 1)) ;;
	128)
		failed=$((failed + 1)) worked=0
		test ! -s full.out
		grep -i "no space left" full.err || { cat full.err; return 1; }
		;;
	*)
		cat full.err
		return 1
		;;
	esac
}
