#!/bin/sh
# usage: run.sh <test program or .t script>...
# Run them through prove, whose summary is the last thing said.
set -eu
test $# -gt 0 || { echo "there are no tests" >&2; exit 1; }

# In memory, where there is enough of it, nothing waits for a disk.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
test -n "${TMPDIR:-}" || test "${room:-0}" -lt $((4 << 20)) ||
	export TMPDIR=/dev/shm

# What takes longest begins first, or all would wait for it in the end.
long="/robust/|converge|remote_git|_robust|push_path|tamper_local|_claude_code|\
import_chatgpt|/index/test_recall|test_repack|test_loss|read/read|browse|/watch"
set -- $(printf '%s\n' "$@" | grep -E "$long") \
	$(printf '%s\n' "$@" | grep -vE "$long")

# Some tests wait, for servers, locks and time to pass: others use the core.
exec prove --jobs "${VV_JOBS:-$(($(nproc) * 3 / 2))}" --timer --failures \
	--exec "sh $VV_TOP/tests/house/start.sh" "$@"
