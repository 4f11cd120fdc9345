#!/bin/sh
# usage: compile.sh <compiler flags>
# Every source is clean with clang (with gcc it is built, DEV=1), and every
# header compiles alone, before and after itself (its guard works).
set -u
flags="$* -Werror -fsyntax-only"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find lib objects refs hooks cmd tests -name '*.h' | while read -r header; do
	alone=$work/alone_$(echo "$header" | tr / _).c
	{
		# What a header of the tests offers is unused when alone.
		echo '#pragma GCC diagnostic ignored "-Wunused-function"'
		printf '#include "%s"\n#include "%s"\n' "$header" "$header"
	} >"$alone"
done

# clean <compiler>, the files from stdin: one process for many of them, or
# starting would cost more than reading.
status=0
clean() {
	sort | xargs -n 12 -P "$(nproc)" "$1" $flags >"$work/log" 2>&1 ||
		status=1
	cat "$work/log"
}
find "$work" -name 'alone_*.c' >"$work/headers"
find lib objects refs hooks cmd tests -name '*.c' >"$work/sources"
clean gcc <"$work/headers"
clean clang <"$work/sources"
exit $status
