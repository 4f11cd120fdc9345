#!/bin/sh
# What a host sees of an encrypted vault: no word of what is in it. The same
# search finds all of them in a plain one.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# Fifty words that occur nowhere else, and what carries each: contents, tags,
# names of fields, entities, sources, a title, a role, blobs, devices.
words='ambergris bandicoot calabash dodecagon eiderdown fandango gallimaufry
haberdasher isinglass jabberwock kumquat lollapalooza marzipan narwhal
ocarina persimmon quokka rapscallion sassafras tatterdemalion umbrageous
vermicelli whippoorwill xylophone yellowhammer zucchetto abecedarian
bumbershoot cattywampus dirigible effervescent flibbertigibbet
gobbledygook hullabaloo ignoramus jackanapes knickerbocker lackadaisical
mollycoddle nincompoop oxymoronic pandemonium quicksilver rigmarole
skedaddle thingamajig ululating vagabondage wherewithal xerophilous'

# word <n>
word() {
	echo $words | cut -d' ' -f"$1"
}

# say <n> <m>: those words as a sentence
say() {
	echo $words | cut -d' ' -f"$1-$2"
}

# live [<option of init>...]: two devices, all fifty words, pushed to r
live() {
	git init -q --bare r
	as a vvault init --name "$(word 1)" "$@" a
	export VVAULT_DIR="$PWD/a" VVAULT_KEYS="$tap_case/keys-a"
	vvault add --new "$(word 2)" memory:create \
		"{\"content\":\"$(say 3 8)\",\"tags\":[\"$(word 9)\"]}"
	vvault add --as-is "$(word 2)" memory:create --entity "memory:$(word 10)" \
		"{\"$(word 11)\":{\"$(word 12)\":\"$(word 13)\"}}"
	vvault add "$(word 2)" construct:update \
		"{\"name\":\"$(word 14)\",\"persona\":{\"traits\":{\"$(word \
			15)\":0.5}}}"
	vvault add "$(word 2)" session:create \
		--entity "session:$(word 16):$(word 17)" \
		"{\"title\":\"$(say 18 20)\",\"participants\":[\"$(word 21)\"]}"
	vvault add "$(word 2)" message:create \
		--entity "message:$(word 16):$(word 17)/$(word 22)" \
		"{\"content\":\"$(say 23 26)\",\"role\":\"$(word 27)\",
		\"session\":\"session:$(word 16):$(word 17)\"}"
	capsule "$(word 28)" 1 20 |
		sed "s/memory 7 of/$(say 29 33)/; s/warmth/$(word 34)/" \
		>"$(word 35).capsule"
	vvault import "$(word 35).capsule"
	{ printf "{\"content\":\"%s" "$(say 36 38)"; head -c 400000 /dev/zero |
		tr "\\0" x; printf " %s\"}\n" "$(say 39 40)"; } >blob.json
	vvault add "$(word 2)" memory:create - <blob.json
	lines "$(word 41)" 600 | sed "s/told/$(word 42)/" >"$(word 43).jsonl"
	vvault import --construct "$(word 44)" "$(word 43).jsonl"
	for i in $(seq 34); do
		vvault add "$(word 2)" memory:create \
			"{\"content\":\"$(say 45 46) $i\"}" >/dev/null
	done
	vvault remote add origin "$PWD/r" && vvault push
	as b vvault clone "$PWD/r" b
	vvault member add --name "$(word 47)" "$(as b did)" && vvault push
	as b vvault -C b pull
	as b vvault -C b add "$(word 2)" memory:create \
		"{\"content\":\"$(word 48)\",\"source\":\"$(word 49)\"}"
	as b vvault -C b add --new "$(word 50)" memory:create --as-is "{}"
	as b vvault -C b push
	vvault pull
}

# seen_in <repository>: everything that a host can read of it
seen_in() {
	git -C "$1" cat-file --batch-all-objects --batch
	git -C "$1" for-each-ref
	cat "$1/HEAD" "$1/config"
	test ! -f "$1/packed-refs" || cat "$1/packed-refs"
	find "$1" | sed "s|^$PWD||" | grep -v "/vvault/"
}

# words_in <file>: which of the words. None of them holds another.
words_in() {
	echo $words | tr " " "\n" >words
	LC_ALL=C grep -aoiFf words "$1" | tr A-Z a-z | sort -u
}

# found_in <repository>: which of the words
found_in() {
	seen_in "$1" >seen && words_in seen
}

test_case 'the remote of an encrypted vault holds no word of what is in it' '
	test "$(echo $words | wc -w)" -eq 50
	live >said 2>&1 || { cat said; exit 1; }
	found_in r >found && test ! -s found || { cat found; exit 1; }
	git -C r gc -q && git -C r pack-refs --all
	found_in r >found && test ! -s found
	found_in a >found && test ! -s found
	printf "%s\n" memory:create session:create message: construct:update \
		traits \"tags\" import: "add: " capsule jsonl >plain
	expect_exit 1 env LC_ALL=C grep -aoFf plain seen
	git -C r log --all --format="%an%n%cn%n%s" | sort | uniq -c >public
	cat public && test "$(wc -l <public)" -le 3
	# Nor does what the device keeps beside it in its own folder.
	find a/vvault b/vvault -type f -exec cat {} + >seen
	test -s seen && words_in seen >found && test ! -s found
	test "$(stat -c %a a/vvault)" = 700
'

test_case 'the same search finds what is in a plain vault' '
	live --plain >said 2>&1 || { cat said; exit 1; }
	found_in r >found
	sort words | comm -13 found - >hidden
	cat hidden && test "$(wc -l <hidden)" -le 2
'

test_case 'equal words leave no equal bytes in two vaults' '
	as a vvault init a && as a vvault init b
	lines nova 300 >lines.jsonl
	for v in a b; do
		as a vvault -C $v import --construct nova lines.jsonl
		git -C $v cat-file --batch-all-objects --batch-check |
			awk "{ print \$1 }" | sort >$v.ids
		git -C $v for-each-ref | cut -d/ -f3 | grep -v vault >$v.name
	done
	test "$(comm -12 a.ids b.ids | wc -l)" -eq 0
	! cmp a.name b.name
'

done_testing
