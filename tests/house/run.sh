#!/bin/sh
# usage: run.sh <test program or .t script>...
# Run them through prove, whose summary is the last thing said.
set -eu
test $# -gt 0 || { echo "there are no tests" >&2; exit 1; }
exec prove --jobs "${VV_JOBS:-$(nproc)}" --timer --failures \
	--exec "sh $VV_TOP/tests/house/start.sh" "$@"
