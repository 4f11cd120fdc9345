#!/bin/sh
# usage: compile.sh <compiler flags>
# Every source is clean with gcc and clang, and every header compiles alone,
# before and after itself (its guard works).
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
find lib objects refs hooks cmd tests -name '*.c' >"$work/sources"
find "$work" -name 'alone_*.c' >>"$work/sources"

status=0
for cc in gcc clang; do
	# One compiler for many files: a process each would cost more than
	# the reading.
	sort "$work/sources" | xargs -n 12 -P "$(nproc)" \
		$cc $flags >"$work/$cc.log" 2>&1 || status=1
	cat "$work/$cc.log"
done
exit $status
