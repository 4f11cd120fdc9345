#!/bin/sh
# Dates as people write them, and times as they read them.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# said <key> <seconds since 1970>: a message of then with the word "rain".
said() {
	vvault add nova message:create --entity "message:t:1/$1" \
		"{\"content\":\"rain of $1\",\"index\":$2,\"role\":\"user\",
		\"created\":\"$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%S.000000Z)\",
		\"session\":\"session:t:1\"}" >/dev/null
}

# Days are those of UTC here, and counted from its noon, so that midnight may
# come while this runs.
new_days() {
	noon=$(($(date +%s) / 86400 * 86400 + 43200))
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"Weather"}' >/dev/null &&
	said today $((noon - 43200)) && said yesterday $((noon - 86400)) &&
	said week $((noon - 7 * 86400)) && said may 1683547200
}

found() {
	vvault recall --json "$@" nova rain | jq -r .entity | sed 's,.*/,,' |
		sort | tr '\n' ' '
}

# told <session> <key> [<construct>]: a message of 2024.
told() {
	vvault add "${3:-nova}" message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$1 $2\",\"created\":\"2024-05-0${1}T10:00:00.000000Z\",
		\"role\":\"user\",\"session\":\"session:t:$1\"}" >/dev/null
}

on_terminal() {
	script -qec "$1" typescript >/dev/null
}

test_case '--since is the begin, --until the end of what the date names' '
	new_days && test "$(found --since today)" = "today " &&
	test "$(found --since yesterday)" = "today yesterday " &&
	test "$(found --since yesterday --until yesterday)" = "yesterday " &&
	test "$(found --since "1 week ago")" = "today week yesterday " &&
	test "$(found --until 2.days.ago)" = "may week " &&
	test "$(found --since "last 3 days" --until now)" = "today yesterday " &&
	test "$(found --until "may 2023")" = "may " &&
	test "$(found --since "8 may 2023" --until "may 8, 2023")" = "may " &&
	test "$(found --until "7 may 2023")" = "" &&
	test "$(found --since 2023-05 --until 2023-05)" = "may " &&
	test "$(found --since 2023 --until 2023)" = "may "
'

test_case 'dates without a zone are of the local clock' '
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		"{}" >/dev/null && said late 1683590400 && export TZ=LOC-3 &&
	test "$(found --since "9 may 2023")" = "late " &&
	test "$(found --until "8 may 2023")" = "" &&
	test "$(found --since "9 may 2023 03:00" --until "9 may 2023 3am")" = "late " &&
	test "$(found --since 2023-05-09)" = "late " &&
	test "$(found --until 2023-05-08)" = "" &&
	test "$(TZ=LOC3 found --until "8 may 2023")" = "late " &&
	test "$(TZ=LOC3 found --until 2023-05-08)" = "late " &&
	test "$(TZ=LOC3 found --since 2023-05-09T00:00Z)" = "late " &&
	expect_exit 129 vvault recall --since 2024-02-30 x 2>err &&
	grep "no calendar has that day" err
'

test_case 'what is not understood is told, and no date is guessed' '
	new_days && for bad in soon "in smarch" "31 april" 05/08/2023 "next week" \
		"2 weeks agoo" "" "8"
	do
		for how in "recall nova rain --since" "recall nova rain --until" \
			"log --since" "log --until" "import x --since"
		do
			expect_exit 129 vvault $how "$bad" >out 2>err &&
			test ! -s out || { echo "$how $bad"; exit 1; }
		done
		expect_exit 128 vvault show "nova@{$bad}" 2>err || exit 1
	done &&
	expect_exit 129 vvault log --since "in smarch" 2>err &&
	grep -- "--since: .smarch. is not understood as a date; write 2026-01-31, yesterday," err
'

test_case 'versions by when the vault learned of them' '
	new_days && all=$(vvault log --json nova | wc -l) && test "$all" -eq 5 &&
	test "$(vvault log --json --since yesterday nova | wc -l)" -eq "$all" &&
	test "$(vvault log --json --since "5 minutes ago" nova | wc -l)" -eq "$all" &&
	vvault log --until yesterday nova >out && test ! -s out &&
	vvault log --since "in 1999" --until 1999 nova >out && test ! -s out
'

test_case 'versions by when it was said what they brought' '
	new_days && subjects() { vvault log --json "$@" nova | jq -r .seq | tr "\n" " "; } &&
	test "$(subjects --said --until "may 2023")" = "5 " &&
	test "$(subjects --said --since yesterday --until yesterday)" = "3 " &&
	test "$(subjects --said --until "5 days ago")" = "5 4 " &&
	test "$(subjects --said --since "2 minutes ago")" = "1 " &&
	test "$(subjects --said)" = "5 4 3 2 1 " && test "$(subjects --stored --until 2023)" = "" &&
	vvault add nova message:delete --entity message:t:1/may "{}" >/dev/null &&
	test "$(subjects --said --until "may 2023")" = "5 " &&
	expect_exit 129 vvault log --said --stored 2>err
'

test_case '@{words} is what stood when that ended' '
	new_days && for date in now today "last 2 hours" "this week" 0.seconds.ago; do
		test "$(version_of "nova@{$date}")" = "$(version_of nova)" || {
			echo "$date"
			exit 1
		}
	done &&
	for date in yesterday "2 weeks ago" "an hour ago" 2001; do
		expect_exit 128 vvault show "nova@{$date}" 2>err &&
		grep "nothing is that old" err || { echo "$date"; exit 1; }
	done &&
	me=$(did | sed s/did:key://) &&
	test "$(version_of "nova/$me@{now}")" = "$(version_of nova)" &&
	test "$(found --as-of now)" = "may today week yesterday " &&
	test "$(found --as-of yesterday)" = "" && test "$(found --as-of 1h)" = ""
'

# Enough of both for a compaction of each, which moves what was there before.
test_case '--stored asks when the vault learned it, --said when it happened' '
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		"{}" >/dev/null && said may 1683547200 &&
	jot() { seq "$1" "$2" | sed "s/.*/{\"content\":\"rain $3 &\"}/" |
		while read -r line; do
			vvault add nova memory:create "$line" >/dev/null || exit 1
		done; } &&
	seen() { vvault recall --json -n 99 "$@" nova rain |
		jq -r .snippet | sort | tr "\n" " "; } &&
	jot 1 20 old && vvault gc >/dev/null 2>&1 &&
	last=$(date -u +%Y-%m-%dT%H:%M:%SZ) && sleep 1.1 &&
	then=$(date -u +%Y-%m-%dT%H:%M:%SZ) &&
	test "$(seen --stored --since "$then")" = "" &&
	said june 1686312000 && jot 1 20 new && vvault gc >/dev/null 2>&1 &&
	test "$(seen | wc -w)" -eq 126 &&
	seen --stored --since "$then" >got && test "$(wc -w <got)" -eq 63 &&
	grep -q "rain of june" got && grep -q "rain new 20" got &&
	seen --stored --history --since "$then" | cmp got - &&
	seen --stored --until "$last" >got && test "$(wc -w <got)" -eq 63 &&
	grep -q "rain of may" got && grep -q "rain old 20" got &&
	test "$(seen --stored --since "$then" --until "$last")" = "" &&
	test "$(seen --said --until "may 2023")" = "rain of may " &&
	expect_exit 129 vvault recall --said --stored nova rain 2>err &&
	expect_exit 129 vvault recall --stored --until now --as-of now nova rain 2>err
'

test_case '--stored of sessions: what came to them since, or by then' '
	new_vault && for n in 1 2 3; do
		vvault add --new nova session:create --entity session:t:$n \
			"{}" >/dev/null && told $n a || exit 1
	done && last=$(date -u +%Y-%m-%dT%H:%M:%SZ) && sleep 1.1 &&
	then=$(date -u +%Y-%m-%dT%H:%M:%SZ) &&
	listed() { vvault session list --json "$@" | jq -r .session | tr "\n" " "; } &&
	test "$(listed --stored --since "$then")" = "" &&
	told 2 b && vvault add --new vega session:create --entity session:t:9 "{}" >/dev/null &&
	told 9 a vega && for i in 1 2 3; do vvault gc >/dev/null 2>&1 || exit 1; done &&
	test "$(listed --stored --since "$then")" = "session:t:9 session:t:2 " &&
	test "$(listed --stored --since "$then" nova)" = "session:t:2 " &&
	test "$(listed --stored --since today --until "$last" | wc -w)" = 3 &&
	test "$(vvault session list --json --stored --until "$last" nova |
		jq -s "map(.messages) | add")" = 3 &&
	test "$(listed --stored --until "$last" vega)" = "" &&
	test "$(listed --stored --until yesterday)" = "" &&
	test "$(listed --said --since today)" = "" &&
	expect_exit 129 vvault session list --said --stored 2>err
'

test_case 'a pipe gets local times with their offset, --json UTC' '
	new_days && export TZ=LOC-5:30 && vvault log -n 1 nova >out &&
	time=$(vvault log -n 1 --json nova | jq -r .time) &&
	grep "  $(date -d "$time" +%Y-%m-%dT%H:%M:%S)+05:30  " out &&
	test "$(vvault log --json --since "$(grep -oE "[0-9T:-]{19}[+]05:30" out)" nova | wc -l)" -ge 1 &&
	TZ=LOC-13 vvault recall --until 2023 nova rain >out &&
	grep "^2023-05-09  Weather" out &&
	vvault recall --json --until 2023 nova rain |
		jq -e ".at == \"2023-05-08T12:00:00.000000Z\""
'

test_case 'a person gets near ones' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_days && on_terminal "vvault log --no-pager nova" &&
	grep "  [0-9]* \(second\|minute\)s\{0,1\} ago  " typescript &&
	on_terminal "vvault recall --no-pager nova rain" &&
	grep "Weather" typescript &&
	on_terminal "TZ=LOC-13 vvault recall --no-pager --until 2023 nova rain" &&
	grep "9 May 2023 01:00" typescript
'

done_testing
