#!/bin/sh
# Importing conversations with their pictures through what goes wrong in the
# world: killed, beside itself, on a full disk. What stands then is sound, and
# the same command run again gives the set that an undisturbed one gives.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

kills=$(size 4 60 2)
talks=$(size 150 1000 150)
pictures=20

# a ChatGPT export in the folder x: conversations of ten messages, some of
# which show a picture of 60 KB that nothing can make smaller
export_of() {
	mkdir -p x && perl -e '
		my ($talks, $pictures) = @ARGV;
		srand(7);
		sub random { join "", map { chr(int(rand(256))) } 1..$_[0] }
		sub node {
			my ($i, $last, $parts, $type) = @_;
			my $parent = $i ? sprintf("\"m%d\"", $i - 1) : "null";
			my $children = $i < $last ? "\"m" . ($i + 1) . "\"" : "";
			my $role = $i % 2 ? "assistant" : "user";
			return "\"m$i\":{\"id\":\"m$i\",\"parent\":$parent," .
				"\"children\":[$children],\"message\":{" .
				"\"id\":\"m$i\",\"author\":{\"role\":\"$role\"}," .
				"\"create_time\":" . (1700000000 + $i) . ".5," .
				"\"content\":{\"content_type\":\"$type\"," .
				"\"parts\":[$parts]}}}";
		}
		my @talks;
		for my $t (1..$talks) {
			my @nodes;
			for my $i (0..9) {
				my $text = unpack("H*", random(150));
				my $parts = "\"$text\"";
				my $type = "text";
				if ($i == 4) {
					my $p = $t % $pictures;
					$type = "multimodal_text";
					$parts .= ",{\"content_type\":" .
						"\"image_asset_pointer\"," .
						"\"asset_pointer\":" .
						"\"file-service://file-p$p\"}";
				}
				push @nodes, node($i, 9, $parts, $type);
			}
			push @talks, "{\"id\":\"c$t\",\"conversation_id\":\"c$t\"," .
				"\"title\":\"t$t\",\"create_time\":1700000000," .
				"\"update_time\":1700000100," .
				"\"current_node\":\"m9\",\"mapping\":{" .
				join(",", @nodes) . "}}";
		}
		open(my $out, ">", "x/conversations.json") or die;
		print $out "[", join(",", @talks), "]";
		for my $p (0..$pictures - 1) {
			open(my $out, ">", "x/file-p$p-a.png") or die;
			print $out "\x89PNG\r\n\x1a\n", random(60000);
		}' "$talks" "$pictures"
}

# undisturbed: an import of x that nothing disturbs, in the vault u
undisturbed() {
	once make_undisturbed
	u_set=$(set_of u chatgpt) && u_fold=$(fold_of u chatgpt)
	u_records=$(records_in u chatgpt)
	test "$u_records" -gt $((talks * 11))
}

make_undisturbed() {
	export_of && vvault init u >/dev/null && vvault -C u import x >/dev/null
}

# as_undisturbed <vault>
as_undisturbed() {
	verified "$1" && git_is_content "$1"
	test "$(set_of "$1" chatgpt)" = "$u_set"
	test "$(fold_of "$1" chatgpt)" = "$u_fold"
	test "$(records_in "$1" chatgpt)" -eq "$u_records"
}

# pictures_in <vault>: each comes out of the vault as it went in.
pictures_in() {
	vvault -C "$1" ls --json chatgpt >ls.out
	jq -r '.. | objects | select(has("$blob")) | ."$blob"' ls.out |
		sort -u >blobs
	test "$(wc -l <blobs)" -eq "$pictures"
	while read -r blob; do
		vvault -C "$1" cat "$blob" | sha256sum
	done <blobs | sort >got
	for file in x/*.png; do
		sha256sum <"$file"
	done | sort >want
	cmp got want
}

test_case 'killed at random moments, run again' '
	undisturbed && pictures_in u
	vvault init v0 >/dev/null && cp -a v0 v
	span_of vvault -C v import x
	hits=0 tries=0
	while test "$hits" -lt "$kills"; do
		test "$tries" -lt $((kills * 20)) || { echo "no hits"; exit 1; }
		rm -r v && cp -a v0 v
		strike vvault -C v import x
		verified v
		vvault -C v import x >/dev/null
		as_undisturbed v
	done
	pictures_in v
'

test_case 'killed again and again, and run to its end at last' '
	undisturbed
	vvault init v >/dev/null
	hits=0 tries=0 span=${span:-300000}
	while test "$tries" -lt "$kills"; do
		strike vvault -C v import x && verified v
	done
	vvault -C v import x >/dev/null
	as_undisturbed v && pictures_in v
'

test_case 'two of the same at once' '
	undisturbed && vvault init v >/dev/null
	vvault -C v import x >one 2>&1 & one=$!
	vvault -C v import x >two 2>&1 || { cat two; exit 1; }
	wait $one || { cat one; exit 1; }
	as_undisturbed v && pictures_in v && no_leftovers v
'

test_case 'two of different files at once' '
	undisturbed && vvault init v >/dev/null
	jq -c ".[:(length / 2 | floor + 5)]" x/conversations.json >one.json
	jq -c ".[(length / 2 | floor - 5):]" x/conversations.json >two.json
	vvault -C v import one.json >one 2>&1 & one=$!
	vvault -C v import two.json >two 2>&1 || { cat two; exit 1; }
	wait $one || { cat one; exit 1; }
	verified v && no_leftovers v && git_is_content v
	test "$(entities_in v chatgpt session)" -eq "$talks"
	test "$(entities_in v chatgpt message)" -eq $((talks * 10))
'

test_case 'a full disk, at every step' '
	undisturbed
	small_disk d 16384
	vvault init v0 >/dev/null
	failed=0 worked=0
	for room in $({ seq 0 16 96; seq 200 $(size 400 100 400) 3400; } | some); do
		test "$worked" -lt 3 || break
		rm -rf d/v && cp -a v0 d/v
		leave d $room
		full d vvault -C d/v import x
		verified d/v
		rm -f d/filler
		vvault -C d/v import x >/dev/null
		as_undisturbed d/v && no_leftovers d/v
	done
	pictures_in d/v
	test "$failed" -ge "$full_least"
'

done_testing
