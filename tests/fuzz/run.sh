#!/bin/sh
# usage: run.sh <clang> <libraries> <seconds for each target>
# Link each fuzz target with libFuzzer and run it on a copy of its corpus.
# An input that fails stays in $BUILD/found/; put it into tests/fuzz/corpus/.
set -eu
cc=$1
libs=$2
seconds=$3
failed=
mkdir -p "$BUILD/found"
for object in $(find "$BUILD/tests/fuzz" -name "fuzz_*.o"); do
	test -e "$object" || { echo "there are no fuzz targets"; exit 0; }
	name=$(basename "$object" .o)
	name=${name#fuzz_}
	program=${object%.o}
	corpus=$BUILD/corpus/$name
	mkdir -p "$corpus" "tests/fuzz/corpus/$name"
	$cc -fsanitize=fuzzer,address,undefined -o "$program" "$object" \
		"$BUILD/libvvault.a" $libs -lpthread
	echo "  FUZZ $name, $seconds s"
	"$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$BUILD/found/$name-" \
		"$corpus" "tests/fuzz/corpus/$name" >"$program.log" 2>&1 ||
		failed="$failed $name"
	grep -E '^stat::number_of_executed_units|ERROR|SUMMARY' "$program.log" || :
done
test -z "$failed" || { echo "failed:$failed (see $BUILD/found)" >&2; exit 1; }
