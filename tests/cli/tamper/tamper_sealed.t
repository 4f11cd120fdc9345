#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"
. "$(dirname "$0")/../../modes.sh"

eyes
judge_all
done_testing
