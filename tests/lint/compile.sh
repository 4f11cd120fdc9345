#!/bin/sh
# usage: compile.sh <compiler flags>
# Every source is clean with clang (with gcc it is built, DEV=1), and every
# header compiles alone, before and after itself (its guard works).
set -u
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

# clang-check reads many files in one process: clang takes five times as long,
# most of it to start once for each.
find "$work" lib objects refs hooks cmd tests -name '*.c' | sort |
	xargs -n 60 -P "$(nproc)" sh -c '
		flags=$0
		exec clang-check "$@" -- $flags' "$* -Werror -fsyntax-only" \
		>"$work/log" 2>&1
status=$?
cat "$work/log"
exit $status
