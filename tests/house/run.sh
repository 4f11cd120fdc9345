#!/bin/sh
# Run the given test programs and scripts through prove; its summary is last.
set -eu
exec prove --timer --merge "$@"
