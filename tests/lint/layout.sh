#!/bin/sh
# The shape of the tree: what stands at the top, and that each command has
# its manual and its tests. Prints what is wrong, exits 1 if anything is.
set -u
broken=0
wrong() {
	echo "$*"
	broken=1
}

# Only what git would publish counts, so that a stray build never does.
files=$(git ls-files --cached --others --exclude-standard)
# A folder is an idea: what has more files than that is several. Those of the
# manual are what man(1) asks for: its sections.
most=32
full=$(echo "$files" | grep / | grep -vE '^(cmd/man|tests/(data|fuzz/corpus))/' |
	sed 's,/[^/]*$,,' | sort | uniq -c |
	awk -v most=$most '$1 > most { print $2 ": " $1 " files, at most " most }')
test -z "$full" || wrong "$full"
for top in $(echo "$files" | cut -d/ -f1 | sort -u); do
	case $top in
	Makefile | README.md | CHANGELOG.md | LICENSE | .*) ;;
	lib | objects | refs | hooks | cmd | tests) ;;
	*) wrong "$top: does not belong at the top" ;;
	esac
done
for file in $files; do
	case $file in
	*.o | *.a | *.so | *.d | *.orig | *.rej | *~ | *.swp)
		wrong "$file: built or left over" ;;
	esac
done

# Unfinished work and paths of one machine, in everything that is text.
texts=$(echo "$files" | grep -vE '^tests/(data|fuzz/corpus|lint)/' |
	while read -r f; do test -f "$f" && echo "$f"; done)
hits=$(grep -nIE '\b(TODO|FIXME|XXX)\b|/(home|Users|root|work)/[a-z]' \
	$texts /dev/null | grep -v '^CHANGELOG') &&
	wrong "$hits"

# Two headers with one guard would hide each other.
for guard in $(grep -rhoE '^#ifndef VV_[A-Z0-9_]+_H$' lib objects refs hooks \
	cmd tests --include='*.h' | cut -d' ' -f2 | sort | uniq -d); do
	wrong "$guard: guard of two headers"
done
for file in $(echo "$files" | grep -E '^(lib|objects|refs|hooks)/.*\.c$'); do
	header=${file%.c}.h
	test -f "$file" && test -f "$header" || continue
	case $(grep -m1 '^#include' "$file") in
	"#include \"$header\"" | '#include "'*_internal.h'"') ;;
	*) wrong "$file: its own header comes first" ;;
	esac
done

if test -f cmd/cli/table.c; then
	for name in $(sed -n 's/^[[:space:]]*{ *"\([a-z-]*\)".*/\1/p' cmd/cli/table.c); do
		test -f "cmd/man/man1/vvault-$name.1" ||
			wrong "cmd/cli/table.c: no cmd/man/man1/vvault-$name.1"
		echo "$files" | grep -qE "^tests/cli/(.*/)?$name\.t$" ||
			wrong "cmd/cli/table.c: no $name.t below tests/cli"
	done
fi
# Each action is in the table of actions, and has a command (and so its page
# and its tests).
actions=$(echo "$files" | grep '^cmd/action/.*\.c$' |
	while read -r f; do test -f "$f" && echo "$f"; done)
for name in $(sed -n 's/^const struct action \(action_[a-z_]*\) = {$/\1/p' $actions); do
	grep -q "&$name,$" cmd/action/table.c ||
		wrong "cmd/action/table.c: lacks $name"
done
for name in $(sed -n '/^const struct action action_/{n;s/^\t"\([a-z-]*\)[ "].*/\1/p}' $actions | sort -u); do
	grep -q "{ \"$name\"," cmd/cli/table.c ||
		wrong "cmd/cli/table.c: no command for the actions of $name"
done
# A format that is imported stands under FORMAT in a page of its own or of its
# family; those of vvault itself in the command's page.
for format in $(sed -n 's/^\t\.name = "\([a-z0-9-]*\)",$/\1/p' $(echo "$files" | grep "^cmd/import/.*\.c$")); do
	page=$(echo "$format" | sed 's/-/\\\\-/g')
	grep -qE "\\\\fB$page\\\\fR(,|\$)" cmd/man/man7/vvault-import-*.7 ||
		grep -qF "\\fB$(echo "$format" | sed 's/-/\\-/g')\\fR" \
			cmd/man/man1/vvault-import.1 ||
		wrong "$format: no cmd/man/man7/vvault-import-*.7 tells of this format"
done
for page in cmd/man/*/*.[1357]; do
	test -f "$page" || continue
	said=$(groff -man -ww -z -Tutf8 "$page" 2>&1)
	test -z "$said" || wrong "$page: $said"
done
for script in $(echo "$files" | grep -E '\.(sh|t)$'); do
	test -f "$script" || continue
	case $(head -n 1 "$script") in
	*bash*) said=$(bash -n "$script" 2>&1) ;;
	*) said=$(sh -n "$script" 2>&1) ;;
	esac
	test -z "$said" || wrong "$said"
done
exit $broken
