# A construct with two memories, and what it says; read after lib.sh.

# words <construct>
words() {
	vvault ls "$1" --json | jq -r .state.content | LC_ALL=C sort | tr '\n' ' '
}

# has <construct> <contents>: just those.
has() {
	got=$(words "$1") && test "${got% }" = "$2" || { echo "'$got', not '$2'" >&2; return 1; }
}

begun() {
	new_vault --plain && vvault add --new nova memory:create '{"content":"one"}' >/dev/null &&
	vvault add nova memory:create '{"content":"two"}' >/dev/null
}
