#!/bin/sh
# usage: start.sh <test>
# One test program in its own environment and with a time limit. A finding
# of a sanitizer exits 99, so it can never pass for a clean "no" (1).
san=exitcode=99:halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS="$san:detect_stack_use_after_return=1"
export UBSAN_OPTIONS="$san"
export LSAN_OPTIONS="exitcode=99:print_suppressions=0:suppressions=$VV_TOP/tests/house/lsan.supp"
export LC_ALL=C.UTF-8 TZ=UTC

case $1 in
*.t) set -- sh "$1" ;;
esac
exec timeout -k 10 "${VV_TEST_SECONDS:-1500}" "$@"
