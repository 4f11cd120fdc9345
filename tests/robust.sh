# Helpers of the tests that nothing is lost, read after tap.sh and lib.sh.
# VV_NIGHTLY=1 makes them as long as a night allows.

# size <in make check> <nightly>
size() {
	test -n "${VV_NIGHTLY:-}" && echo "$2" || echo "$1"
}

# verified <vault>...: every byte of each is as it must be.
verified() {
	for verified_vault; do
		vvault -C "$verified_vault" verify --full --json >verified.out ||
			{ cat verified.out >&2; return 1; }
	done
}

# set_of <vault> <construct>: tells whether two vaults know the same.
set_of() {
	vvault -C "$1" verify --full --json |
		jq -re --arg name "$2" '.sets[$name]'
}

# fold_of <vault> <construct>: its whole state in one line.
fold_of() {
	vvault -C "$1" ls --json "$2" >fold.raw || return
	sort fold.raw | sha256sum
}

# records_in <vault> <construct>
records_in() {
	vvault -C "$1" construct list --json |
		jq -e --arg name "$2" 'select(.construct == $name).records'
}

# entities_in <vault> <construct> <kind>
entities_in() {
	vvault -C "$1" ls --json "$2" "$3" >entities.out &&
		wc -l <entities.out
}

# no_leftovers <vault>: no lock of git's, no temporary file and no pack that
# was never finished. (vvault's own lock files stay, the kernel holds those.)
no_leftovers() {
	find "$1" -name '*.lock' -o -name 'tmp_*' -o -name '*.tmp*' \
		-o -name 'pack_git2_*' -o -name '.tmp*' >leftovers.out
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

# lines <tag> <n>: so many records as `export --format jsonl` gives them.
lines() {
	awk -v tag="$1" -v n="$2" 'BEGIN {
		for (i = 1; i <= n; i++) {
			printf "{\"at\":\"2026-02-03T04:05:06.%06dZ-0000-", i
			printf "00000000\",\"data\":{\"content\":\"line %d ", i
			printf "of %s, a thing that was learned some ", tag
			printf "time ago and is told again at some length "
			printf "so that it takes space, %d\"},", i * 7919
			printf "\"entity\":\"memory:%s-%06d\",", tag, i
			print "\"prev\":[],\"type\":\"memory:create\"}"
		}
	}'
}
