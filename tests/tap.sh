# TAP for shell scripts: tests/cli/foo.t begins with
#
#	#!/bin/sh
#	. "$(dirname "$0")/../tap.sh"
#
# then has test_case 'title' 'script' as often as it likes, and ends with
# done_testing. Scripts are plain sh, chained with && (set -e is on as well).
# Each runs alone in an empty folder with a home, keys and git configuration
# of its own, and must not need what another left.

VV_TOP=${VV_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
case ${BUILD:-build} in
/*) VV_BUILD=${BUILD} ;;
*) VV_BUILD=$VV_TOP/${BUILD:-build} ;;
esac
if test -z "${VV_SHARED:-}" && test -d "$VV_TOP/../shared"; then
	VV_SHARED=$(cd "$VV_TOP/../shared" && pwd)
fi
export VV_TOP VV_BUILD VV_SHARED
export PATH="$VV_BUILD:$PATH"
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb NO_COLOR=1
export VVAULT_DEVICE_NAME=
export PAGER=cat GIT_PAGER=cat EDITOR=false GIT_TERMINAL_PROMPT=0
export GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=Test GIT_COMMITTER_EMAIL=test@example.com
unset VVAULT_DIR GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_SSH GIT_SSH_COMMAND
unset SSH_AUTH_SOCK SSH_ASKPASS GIT_ASKPASS NO_PAGER CDPATH
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
# As in tests/house/start.sh, for a script that is run by hand.
san=exitcode=99:halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS="${ASAN_OPTIONS:-$san}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-$san}"
san=exitcode=99:print_suppressions=0:suppressions=$VV_TOP/tests/house/lsan.supp
export LSAN_OPTIONS="${LSAN_OPTIONS:-$san}"

# Under a sanitizer a process takes ten times as long, and twice that where it
# looks for leaks at its end: there one case in twelve is run, the first of each
# file among them, which alone looks for leaks, and none of the storms, nor of
# what compares the program with its pages and with git; all with VV_WHOLE=1, by
# night.
tap_every=1
case ${VV_WHOLE:-}$VV_BUILD,$0 in
/*/san,*/robust/* | /*/san,*/format.t | /*/san,*/git_agrees.t | \
	/*/san,*/manual.t)
	echo "1..0 # SKIP under a sanitizer, but by night"
	exit 0
	;;
/*/san,*) tap_every=12 ;;
esac
tap_run=0
tap_failed=0
tap_root=$(mktemp -d "${TMPDIR:-/tmp}/vvault-test.XXXXXX") || exit 99
# tap_remove <folder>: also where a case has taken rights away.
tap_remove() {
	rm -rf "$1" 2>/dev/null || {
		chmod -R u+rwX "$1" 2>/dev/null
		rm -rf "$1"
	}
}
tap_cleanup() {
	tap_remove "$tap_root"
}
trap tap_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

diag() {
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# test_case <title> <script>
test_case() {
	tap_run=$((tap_run + 1))
	test $(((tap_run - 1) % tap_every)) -eq 0 || {
		echo "ok $tap_run - $1 # SKIP under a sanitizer, but by night"
		return
	}
	test "$tap_run" -eq 1 || test "$tap_every" -eq 1 ||
		ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
	tap_case=$tap_root/$tap_run
	mkdir -p "$tap_case/work" "$tap_case/home"
	tap_body "$2" >"$tap_case/log" 2>&1 </dev/null
	case $? in
	0)
		echo "ok $tap_run - $1"
		;;
	77)
		echo "ok $tap_run - $1 # SKIP $(cat "$tap_case/skip")"
		;;
	*)
		echo "not ok $tap_run - $1"
		tap_failed=$((tap_failed + 1))
		diag "the script of '$1':"
		diag "$2"
		diag "said:"
		diag "$(tail -n 60 "$tap_case/log")"
		;;
	esac
	test -n "${VV_KEEP:-}" || tap_remove "$tap_case"
}

# A subshell, so that no variable, trap or folder outlives its case. It may
# not be the condition of anything: that would turn set -e off inside.
tap_body() (
	trap - EXIT INT TERM
	export HOME="$tap_case/home" VVAULT_KEYS="$tap_case/keys"
	export XDG_DATA_HOME="$HOME/.local/share" XDG_CONFIG_HOME="$HOME/.config"
	export GIT_CONFIG_GLOBAL="$HOME/.gitconfig"
	cd "$tap_case/work" || exit 99
	set -e
	eval "$1"
)

# expect_exit <status> <command>...: exactly that status, so that a crash
# never counts as a refusal.
expect_exit() {
	tap_want=$1
	shift
	tap_got=0
	"$@" || tap_got=$?
	test "$tap_got" -eq "$tap_want" && return 0
	echo "expected exit $tap_want, got $tap_got: $*" >&2
	return 1
}

# at_end <command>: run it when the case ends, however it ends (last first).
at_end() {
	tap_at_end="$1
${tap_at_end:-}"
	trap "$tap_at_end" EXIT
}

# skip_case <why>: leave the case; it counts as skipped.
skip_case() {
	echo "$1" >"$tap_case/skip"
	exit 77
}

# need_shared: in a case that reads $VV_SHARED.
need_shared() {
	test -n "${VV_SHARED:-}" || skip_case '../shared is not here'
}

# skip_all <why>: instead of any case.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$tap_run"
	test "$tap_failed" -eq 0 && test "$tap_run" -gt 0
	exit
}
