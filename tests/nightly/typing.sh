# At the terminal of Cline, as a person: $tmux is how tmux is called.

# An advertisement may lie over all.
close_window() {
	sleep 1
	! $tmux capture-pane -p | grep -q "any other key" || $tmux send-keys Escape
}

# shows <text> <times>: it stands so often on the screen, in the end.
shows() {
	n=0
	until test "$($tmux capture-pane -p -S - | grep -c "$1")" -ge "$2"; do
		n=$((n + 1)) && test $n -lt 60 && close_window || return 1
	done
}

says() {
	n=0
	until close_window && $tmux send-keys C-u && $tmux send-keys -l "$1" && sleep 2 &&
		$tmux capture-pane -p | grep -q "❯ $1"; do
		n=$((n + 1)) && test $n -lt 9 || return 1
	done
	$tmux send-keys Enter
}

# at_terminal <command> <script>: with what the screen showed at the end.
at_terminal() {
	$tmux new-session -d -x 150 -y 60 "$1" && eval "$2"
	status=$?
	$tmux capture-pane -p
	$tmux kill-server
	return $status
}
