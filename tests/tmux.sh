# A terminal for tests, by tmux; read after tap.sh and lib.sh.

# Each terminal has a server of its own: one that was told to go may still be
# there.
tmux_nth=0
tmux_run() {
	tmux -S "$tap_case/tmux.$tmux_nth" -f /dev/null "$@"
}

tmux_end() {
	if tmux_run has-session 2>/dev/null; then tmux_run kill-server; fi
}

# on_screen <columns> <rows> <command>: run it in a terminal of that size. When
# it has ended its status stands there, "left with 0".
on_screen() {
	command -v tmux >/dev/null || skip_case 'tmux is not here'
	tmux_end
	test "$tmux_nth" != 0 || at_end tmux_end
	tmux_nth=$((tmux_nth + 1))
	tmux_run new-session -d -x "$1" -y "$2" \
		"$3; echo \"left with \$?\"; exec cat"
}

# press <key>...: as tmux names them.
press() {
	tmux_run send-keys "$@"
}

# type <text>
type_in() {
	tmux_run send-keys -l "$1"
}

screen() {
	tmux_run capture-pane -p
}

# until_screen <command>...: it succeeds with the screen in the file `screen`,
# now or soon.
until_screen() {
	tries=300
	while :; do
		screen >screen
		"$@" >/dev/null 2>&1 && return 0
		tries=$((tries - 1))
		test "$tries" -gt 0 || break
		sleep 0.1
	done
	echo "the screen never was so: $*" >&2
	cat screen >&2
	return 1
}

# shows <words>, hides <words>: the screen does, now or soon.
shows() {
	until_screen grep -F -e "$1" screen
}

lacks() {
	! grep -F -e "$1" screen
}

hides() {
	until_screen lacks "$1"
}
