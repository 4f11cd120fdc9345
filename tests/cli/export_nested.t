#!/bin/sh
# A part of a record that goes out as a blob may hold references of its own.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# nested: a record of half a megabyte beside a text that is a blob already.
nested() {
	perl -e '
		print "{\"content\":\"c\",\"native\":{";
		for my $part ("one", "two") {
			print "\"$part\":{";
			print "\"k$_\":\"", $part x 2000, "\"," for 1 .. 60;
			print "\"text\":\"", "$part " x 80000, "\"},";
		}
		print "\"end\":1}}"'
}

test_case 'lines hold the blobs in blobs too' '
	new_vault && nested >big &&
	vvault add --new nova memory:create - <big >/dev/null &&
	vvault export nova --format jsonl >lines &&
	vvault init w >/dev/null && vvault -C w import lines >/dev/null &&
	vvault -C w export nova --format jsonl | cmp - lines &&
	grep -o "bafkrei[a-z2-7]*" lines | sort -u >said &&
	for blob in $(cat said); do vvault cat "$blob"; done |
		grep -o "bafkrei[a-z2-7]*" | sort -u >inner && test -s inner &&
	for blob in $(cat inner); do
		vvault cat "$blob" >want && vvault -C w cat "$blob" | cmp - want ||
			exit 1
	done
'

done_testing
