#!/bin/sh
# usage: lint.sh <compiler flags>
# All checks of the house, each to its end, so that one run shows everything;
# with VV_NIGHTLY=1 also cppcheck's, which takes longer than all others.
set -u
failed=
check() {
	title=$1
	shift
	begun=$(date +%s)
	"$@" || failed="$failed $title"
	echo "  LINT $title ($(($(date +%s) - begun)) s)"
}

sources() {
	find lib objects refs hooks cmd tests -name "$1" | sort
}

check layout sh tests/lint/layout.sh
check code perl tests/lint/code.pl $(sources '*.c') $(sources '*.h')
check compile sh tests/lint/compile.sh "$@"
# readdir is safe for a DIR of one's own; the other two guess wrong about
# loops, and both compilers and the sanitizers look for the same. Tests are
# left out: their macros (jansson's loops, say) mean nothing to it.
test -z "${VV_NIGHTLY:-}" ||
	check cppcheck cppcheck --quiet --std=c11 --language=c --error-exitcode=1 \
		--enable=warning,portability --inline-suppr --max-configs=1 \
		--library=posix --suppress=missingIncludeSystem --suppress=readdirCalled \
		--suppress=zerodivcond --suppress=uninitvar -j "$(nproc)" \
		-I . -DVVAULT_VERSION='"0"' '-DMUST_USE=' '-DPRINTF_LIKE(a,b)=' \
		lib objects refs hooks cmd
test -z "$failed" || { echo "lint failed:$failed" >&2; exit 1; }
echo "lint: all clean"
