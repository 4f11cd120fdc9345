#!/bin/sh
# What is lost or damaged in a vault is found, told, and brought back.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"
. "$(dirname "$0")/../../servers.sh"

export VVAULT_AUTO_GC=0
many=$(size 5000 8000 5000)		# no fewer, or no pack is made

# hurt_vault: v with nova and luna, pushed to r, one more record of nova not.
# v0 is a copy of it; full the digests of what it knows.
hurt_vault() {
	once make_hurt_vault && export VVAULT_DIR="$PWD/v"
}

make_hurt_vault() {
	new_vault && git init -q --bare r && lines nova $many >lines.jsonl
	vvault add --new nova memory:create "{\"content\":\"first\"}"
	vvault add --new luna memory:create --as-is "{}"
	vvault import --construct nova lines.jsonl
	vvault add nova memory:create "{\"content\":\"second\"}"
	vvault remote add origin "$PWD/r" && vvault push
	vvault add nova memory:create "{\"content\":\"not pushed\"}"
	vvault status
	chmod -R u+w v/objects && cp -a v v0
	digests v >full
} >/dev/null

digests() {
	vvault -C "$1" verify --full --json | jq -cS .sets
}

# whole_again: nothing is missed any more, and nobody complains.
whole_again() {
	digests v >now && cmp full now && git_is_content v
	vvault status >/dev/null && vvault fetch >out
	grep "up to date" out
}

# ref_of <construct>: by its own name
ref_of() {
	vvault log --json "$1" -n 1 >ref.log
	git -C v for-each-ref --format="%(objectname) %(refname)" refs/heads |
		awk -v id="$(jq -r .version ref.log)" "\$1 == id { print \$2 }"
}

# loose <type>: a file of a loose object that remotes have
loose() {
	git -C r rev-list --all --objects | cut -c1-40 | while read -r id; do
		file=v/objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-)
		test ! -f "$file" || test "$(git -C v cat-file -t "$id")" != \
			"$1" || { echo "$file" && break; }
	done
}

flip_at() {
	flip "$2" "$1"
}

# told <code>: status and verify say so.
told() {
	expect_exit 1 vvault status >out 2>err && grep "^vvault: $1: " err
	expect_exit 1 vvault verify --full --json >out
	jq -e --arg code "$1" ".problems[] | select(.code == \$code)" out
}

test_case 'a lost object of each type: fetch brings it back by itself' '
	hurt_vault
	for type in blob tree commit; do
		rm -rf v && cp -a v0 v && file=$(loose $type)
		test -f "$file" && rm "$file"
		expect_exit 1 vvault status >out 2>err
		grep "^vvault: missing-object: .*verify --repair" err
		expect_exit 1 vvault verify >out && grep missing-object out
		vvault fetch 2>err && grep "^vvault: healed: origin: 1 " err
		whole_again
	done
'

test_case 'and verify --repair, from a remote by wire' '
	hurt_vault && serve_git && cp -a r srv/r
	vvault remote remove origin && vvault remote add wire "$url/r"
	file=$(loose blob) && rm "$file"
	rm v/objects/pack/*
	vvault verify --repair wire --json >out 2>err
	jq -e .ok out && grep "^vvault: healed: wire: " err
	whole_again && git_is_content v
'

test_case 'a lost pack, which held most of everything' '
	hurt_vault && rm v/objects/pack/*
	expect_exit 1 vvault status >out 2>err && grep missing err
	# What is known of it from before is no sign of it.
	rm -r v/vvault/index v/vvault/cache/counts
	expect_exit 1 vvault construct list >out 2>err
	grep -E "^@[0-9]+ +luna " out && grep "^vvault: .*missing" err
	vvault ls luna >/dev/null && expect_exit 1 vvault log >out 2>err
	test "$(vvault log luna --json | wc -l)" -eq 1
	vvault verify --repair >/dev/null 2>&1 && whole_again
'

test_case 'damage is set aside, the rest of the pack kept, and named' '
	hurt_vault
	for file in "$(echo v/objects/pack/*.pack)" "$(loose blob)"; do
		rm -rf v && cp -a v0 v
		flip "$file" $(($(stat -c %s "$file") / 2))
		expect_exit 1 vvault status 2>err && grep missing-object err
		expect_exit 1 vvault verify --full >out
		vvault verify --repair >/dev/null 2>err
		grep -F "$(basename "$file" | cut -c3-20)" err
		ls v/vvault/damaged | grep -F "$(basename "$file" | cut -c3-20)"
		whole_again
		rm -rf v && cp -a v0 v
		flip "$file" $(($(stat -c %s "$file") / 2))
		vvault fetch 2>err && grep "^vvault: healed: " err
		vvault status && digests v >now && cmp full now
	done
'

test_case 'a pack that is damaged is named where it is read' '
	hurt_vault && file=$(echo v/objects/pack/*.pack)
	flip "$file" $(($(stat -c %s "$file") / 2))
	expect_exit 1 vvault ls nova >out 2>err
	grep -F "$(basename "$file")" err && grep unreadable-segment err
'

test_case 'an index of a pack that is lost is made anew, a damaged one as well' '
	hurt_vault && index=$(echo v/objects/pack/*.idx) && cp $index want
	rm $index && sleep 11 && vvault status && cmp want $index && whole_again
	flip $index 1200 && expect_exit 1 vvault verify >out
	vvault verify --repair >/dev/null 2>err && grep damaged-index err
	cmp want $index && whole_again
'

test_case 'a lost, empty or damaged ref: told, and no other construct stops' '
	hurt_vault && ref=$(ref_of nova) && test -f v/$ref
	for how in "rm v/$ref" ": >v/$ref" "echo garbage >v/$ref"; do
		rm -rf v && cp -a v0 v && eval "$how"
		code=damaged-ref && test -e v/$ref || code=lost-ref
		told $code
		vvault construct list >out 2>err || test $? -eq 1
		grep -E "^@[0-9]+ +luna " out
		vvault ls luna >/dev/null && vvault show luna >/dev/null
		vvault log >out 2>/dev/null || test $? -eq 1
		grep luna out && vvault add luna memory:create --as-is "{}" >/dev/null
		vvault verify --repair >/dev/null 2>err
		grep "^vvault: healed: .*stands again" err
		test "$(git -C v rev-parse $ref)" = "$(git -C v0 rev-parse $ref)"
		vvault status && verified v
	done
'

test_case 'fetch puts back a ref, with versions that were never pushed' '
	hurt_vault && ref=$(ref_of nova) && : >v/$ref
	vvault fetch 2>err && grep "^vvault: healed: " err && whole_again
	rm v/$ref && vvault pull && whole_again
'

# new_of <type>: the file of an object of that type that only nova has, and
# no remote yet
new_of() {
	id=$(git -C v0 rev-parse "$ref")
	git -C v0 rev-list --objects "$id" --not "$id^@" | cut -c1-40 |
		while read -r id; do
			test "$(git -C v0 cat-file -t "$id")" != "$1" || {
				echo "$id" | sed "s#^..#v/objects/&/#" && break
			}
		done
}

# luna_only: push tells what nova lacks and fails; luna goes, by path or wire.
luna_only() {
	expect_exit 1 vvault push "$@" --json >out 2>err || { cat out err; false; }
	jq -se "all(.[]; .construct != \"luna\" or .result == \"forward\")" out
	test "$(git -C "$far" rev-parse "$luna")" = "$(git -C v rev-parse "$luna")"
	test "$(git -C "$far" rev-parse "$ref")" = "$behind"
	git_is_content "$far"
}

test_case 'push tells a lost or damaged ref, and sends what is whole' '
	hurt_vault && ref=$(ref_of nova) && luna=$(ref_of luna) && far=r
	vvault add luna memory:create --as-is "{}" && vvault status
	rm -rf v0 && cp -a v v0 && cp -a r r0 && behind=$(git -C r rev-parse $ref)
	for how in "rm v/$ref" ": >v/$ref" "echo garbage >v/$ref"; do
		rm -rf v r && cp -a v0 v && cp -a r0 r && eval "$how"
		code=damaged-ref && test -e v/$ref || code=lost-ref
		luna_only && grep "^vvault: $code: " err
		vvault verify --repair >/dev/null 2>&1 && vvault push
		test "$(git -C r rev-parse $ref)" = "$(git -C v0 rev-parse $ref)"
	done
'

test_case 'and what is missing or damaged of one construct stops no other' '
	hurt_vault && ref=$(ref_of nova) && luna=$(ref_of luna)
	vvault add luna memory:create --as-is "{}" && vvault status && serve_git
	vvault remote add wire "$url/r" && chmod -R u+w v/objects
	rm -rf v0 && cp -a v v0 && cp -a r r0 && behind=$(git -C r rev-parse $ref)
	for type in commit tree blob; do for how in rm "flip_at 20"; do
		for way in origin wire; do
			rm -rf v srv/r r && cp -a v0 v && cp -a r0 r
			cp -a r0 srv/r && far=r
			test $way = origin || far=srv/r
			$how "$(new_of $type)"
			luna_only $way && grep "^vvault: missing-object: " err
			jq -se "any(.[]; .result == \"rejected\" and
				(.reason | contains(\"or damaged here\")))" out
		done
	done; done
'

test_case 'all refs, and those of vault, which everything needs' '
	hurt_vault && git -C v for-each-ref >refs
	for how in "rm -r v/refs/heads" "rm -r v/refs/heads/vault" \
		": >v/$(ref_of vault)"; do
		rm -rf v && cp -a v0 v && eval "$how"
		expect_exit 1 vvault verify >out 2>err
		grep -E "lost-ref|damaged-ref" out
		test "$how" = "rm -r v/refs/heads" || {
			vvault ls luna >/dev/null 2>err && grep healed err
			rm -rf v && cp -a v0 v && eval "$how"
		}
		vvault verify --repair >/dev/null 2>err
		git -C v for-each-ref | cmp refs - && whole_again
	done
'

test_case 'marks that are lost or damaged are made anew, told once, not lowered' '
	hurt_vault && marks=v/vvault/marks/origin && cp $marks want
	old=$(git -C r rev-parse "$(ref_of nova)") && vvault push
	cp $marks want && rm -rf v0 && cp -a v v0
	for how in ": >$marks" "echo x >$marks" "rm $marks" "sed -i 2d $marks" \
		"truncate -s 250 $marks" "flip $marks 150" \
		"sed -i s/.$/0/ $marks"; do
		rm -rf v && cp -a v0 v && eval "$how"
		expect_exit 1 vvault verify >out && grep damaged-marks out
		for fix in push fetch "verify --repair"; do
			rm -rf v && cp -a v0 v && eval "$how"
			vvault $fix 2>err && cmp want $marks
			grep "^vvault: healed: origin: .*made anew" err
			vvault $fix 2>err && test ! -s err && vvault verify
		done
	done
	git -C r update-ref "$(ref_of nova)" $old && : >$marks
	expect_exit 1 vvault fetch >out 2>err && grep "went back" out err
'

test_case 'a higher mark counts where the ref beside it is older or gone' '
	hurt_vault && marks=v/vvault/marks/origin && ref=$(ref_of nova)
	old=$(git -C v rev-parse "$ref^") && vvault push && cp $marks want
	git -C v update-ref "refs/remotes/origin/${ref#refs/heads/}" "$old"
	echo x >>$marks && vvault fetch 2>err && grep healed err
	cmp want $marks
	rm -r v/refs/remotes && echo x >>$marks && vvault push 2>err
	grep healed err && cmp want $marks && vvault verify
'

test_case 'what is lost or damaged of vault itself, without which none opens' '
	hurt_vault && id=$(git -C v rev-parse "$(ref_of vault)")
	for id in $(git -C v rev-list --objects "$id" | cut -c1-40 | some); do
		file=v/objects/$(echo "$id" | sed "s#^..#&/#")
		test -f "$file" || continue
		for how in "rm $file" "flip $file 20" \
			"flip $file 20; rm -r v/vvault/verified v/vvault/cache"
		do
			rm -rf v && cp -a v0 v && eval "$how"
			vvault fetch >out 2>err || { cat out err; exit 1; }
			grep "^vvault: healed: " err && whole_again
		done
	done
'

test_case 'what no remote has stays told, and is not fetched again and again' '
	hurt_vault && file=$(loose blob) && rm "$file"
	id=$(echo "$file" | sed "s#v/objects/##; s#/##")
	rm -rf r && git init -q --bare r && rm -r v/vvault/marks v/refs/remotes
	rm -rf v/vvault/remotes/origin.git
	expect_exit 1 vvault fetch >out 2>err
	! grep "up to date" out && grep "missing-object: $id" err
	expect_exit 1 vvault verify --repair >out 2>err
	grep missing-object out
	expect_exit 1 vvault fetch >out 2>err && ! grep "up to date" out
'

# went_back <command of git update-ref>...: a has written "last" since it was
# whole, and its ref does not stand there any more.
went_back() {
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a status >/dev/null && add_in a "last" && add_in a "more" &&
	ref=$(git -C a for-each-ref --format="%(refname)" refs/heads |
		grep -v /vault/ | grep "$(did | sed "s/.*://")") &&
	stood=$(git -C a rev-parse "$ref") &&
	git -C a update-ref "$@" "$ref" $(test "$1" = -d || echo "$stood~1")
}

add_in() {
	vvault -C "$1" add nova memory:create "{\"content\":\"$2\"}"
}

test_case 'a ref that went back is told, and put where it was' '
	went_back --no-deref &&
	expect_exit 1 vvault -C a verify --full >out &&
	grep "^lost-ref .*went back" out && vvault -C a verify --repair 2>err &&
	grep "^vvault: healed: " err &&
	test "$(git -C a rev-parse "$ref")" = "$stood" && verified a
'

test_case 'one that is gone is told though nobody looked before' '
	went_back -d && expect_exit 1 vvault -C a verify >out &&
	grep "^lost-ref " out && vvault -C a pull 2>err &&
	test "$(git -C a rev-parse "$ref")" = "$stood" && verified a
'

test_case 'nothing is written beside what was lost' '
	went_back --no-deref && add_in a "next" 2>err &&
	grep "^vvault: healed: .*went back" err &&
	test "$(git -C a rev-parse "$ref~1")" = "$stood" &&
	vvault -C a ls nova | grep " more " && verified a &&
	test "$(git -C a for-each-ref refs/forks | wc -l)" -eq 0
'

test_case 'a second line stays beside what is put back' '
	went_back --no-deref && mv a/vvault/verified kept &&
	add_in a "beside" && rm a/vvault/verified && mv kept a/vvault/verified &&
	expect_exit 1 vvault -C a verify --repair >out && grep "^fork " out &&
	vvault -C a ls nova >out && grep " more " out && grep " beside " out
'

test_case 'a remote is named for a repair only' '
	new_vault && expect_exit 129 vvault verify origin 2>err
	grep "for --repair only" err
	vvault verify --repair && vvault verify --repair --json | jq -e .ok
'

done_testing
