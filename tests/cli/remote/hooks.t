#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

capsules=$VV_TOP/tests/data/capsules
export capsules

# write_hook <name> [<vault>]: its text comes on standard input. Hooks inherit
# little; what a sanitizer wants to know must be told again.
write_hook() {
	folder=${2:-v}/vvault/hooks
	mkdir -p "$folder" && chmod 700 "$folder" && {
		echo "#!/bin/sh"
		for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
			eval "echo export $name=\\\"\$$name\\\""
		done
		cat
	} >"$folder/$1" && chmod 700 "$folder/$1"
}

# hook <name>: of the vault v, approved.
hook() {
	write_hook "$1" && vvault hooks approve "$1" >/dev/null
}

# sample <sample> <name>
sample() {
	test -x "$VV_TOP/hooks/samples/$1" &&
	hook "$2" <"$VV_TOP/hooks/samples/$1"
}

test_case 'post-commit hears what was written' '
	new_vault && echo "cat >>vvault/heard" | hook post-commit &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null 2>err && test ! -s err &&
	jq -e ".hook == \"post-commit\" and .construct == \"nova\" and .new == 1 and
		.known == 0 and (.vault | test(\"^bagaaiera\"))" v/vvault/heard &&
	test "$(jq -r .version v/vvault/heard)" = "$(version_of nova)"
'

test_case 'an import calls post-commit, then post-import; nothing new, neither' '
	new_vault && echo "jq -r .hook >>vvault/heard" | hook post-commit &&
	echo "jq -r .hook >>vvault/heard" | hook post-import &&
	vvault import "$capsules/core.capsule" >/dev/null &&
	printf "post-commit\npost-import\n" | cmp - v/vvault/heard &&
	vvault import "$capsules/core.capsule" >/dev/null &&
	test "$(wc -l <v/vvault/heard)" -eq 2
'

test_case 'what a hook says goes to stderr; its failure changes nothing' '
	new_vault && { echo "echo out"; echo "echo err >&2; exit 4"; } | hook post-commit &&
	vvault add --new nova memory:create --as-is "{}" >out 2>err &&
	test "$(wc -l <out)" -eq 1 && grep -x out err && grep -x err err &&
	grep -F "failed with status 4" err && version_of nova
'

test_case 'a hook gets no secrets of the environment, but finds vault and keys' '
	new_vault && { echo "env >vvault/env"; echo "vvault status >vvault/seen"; } |
		hook post-commit &&
	TOKEN=sekret vvault add --new nova memory:create --as-is "{}" >/dev/null 2>err &&
	test ! -s err && test -s v/vvault/seen && expect_exit 1 grep sekret v/vvault/env
'

test_case 'a hook that writes does not call itself' '
	new_vault && { echo "cat >/dev/null; echo x >>vvault/count"
		echo "vvault add nova memory:create --as-is {} >/dev/null"; } | hook post-commit &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	test "$(wc -l <v/vvault/count)" -eq 1 &&
	vvault show --json nova | jq -e ".counts.memory == 2"
'

test_case 'a hook that others can write is left out' '
	new_vault && echo "touch vvault/ran" | hook post-commit &&
	chmod 722 v/vvault/hooks/post-commit &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null 2>err &&
	test ! -e v/vvault/ran && grep -F "is left out" err &&
	chmod 700 v/vvault/hooks/post-commit && chmod 777 v/vvault/hooks &&
	vvault add nova memory:create --as-is "{}" >/dev/null 2>err && test ! -e v/vvault/ran &&
	chmod 700 v/vvault/hooks && vvault add nova memory:create --as-is "{}" >/dev/null &&
	test -e v/vvault/ran
'

test_case 'pre-push can refuse' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	echo "exit 1" | hook pre-push &&
	expect_exit 128 vvault push --json >out 2>err && grep canceled err &&
	test -z "$(git -C r for-each-ref)" &&
	echo "exit 0" | hook pre-push && vvault push >/dev/null &&
	test -n "$(git -C r for-each-ref)"
'

test_case 'sample: the journal' '
	new_vault && sample post-commit-journal post-commit &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null 2>err && test ! -s err &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	test "$(wc -l <v/vvault/journal.tsv)" -eq 2 &&
	test "$(tail -n 1 v/vvault/journal.tsv | cut -f 2,3)" = \
		"$(printf "nova\t%s" "$(version_of nova)")"
'

test_case 'sample: checksums after an import' '
	new_vault && sample post-import-check post-import &&
	vvault import "$capsules/core.capsule" >/dev/null 2>err && test ! -s err &&
	test "$(sed -n "s/  core-kim\$//p" v/vvault/checksums)" = \
		"$(vvault verify --full --json | jq -r ".sets[\"core-kim\"]")"
'

test_case 'sample: no push of a damaged vault' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	sample pre-push-verify pre-push && vvault push >/dev/null &&
	vvault add nova memory:create "{\"content\":1}" >/dev/null &&
	tree=$(git -C v rev-parse "$(version_of nova)^{tree}") &&
	blob=$(git -C v ls-tree -r "$tree" | head -n 1 | awk "{print \$3}") &&
	file=v/objects/$(echo "$blob" | cut -c 1-2)/$(echo "$blob" | cut -c 3-) &&
	test -e "$file" && rm -f "$file" &&
	expect_exit 128 vvault push >out 2>err && grep -F "finds problems" err
'

test_case 'sample: news after a pull' '
	two_devices && write_hook post-pull b <"$VV_TOP/hooks/samples/post-pull-news" &&
	as b vvault -C b hooks approve >/dev/null &&
	as a vvault -C a add nova memory:create "{\"content\":\"more\"}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null 2>err &&
	grep -xF "nova: 2 records, 1 head(s)" err &&
	as b vvault -C b pull >/dev/null 2>err && expect_exit 1 grep "^nova" err
'

test_case 'a vault folder that came from elsewhere runs none of its hooks' '
	git init -q --bare r && as m vvault init --plain evil >/dev/null &&
	as m vvault -C evil add --new nova memory:create --as-is "{}" >/dev/null &&
	as m vvault -C evil remote add origin "$PWD/r" && as m vvault -C evil push >/dev/null &&
	for name in post-pull pre-push post-commit post-import; do
		echo "touch $PWD/ran" | write_hook $name evil &&
		as m vvault -C evil hooks approve $name >/dev/null || exit 1
	done && tar cf evil.tar evil && rm -rf evil && mkdir theirs && tar xf evil.tar -C theirs &&
	as v vvault init own >/dev/null && cd theirs/evil && as v vvault pull 2>>err &&
	as v vvault push 2>>err && test ! -e ../../ran && grep -F "post-pull is left out" err &&
	grep -F "pre-push is left out" err
'

test_case 'so does one that its own device copied or moved, until it approves' '
	new_vault && echo "echo heard" | hook post-commit && cp -a v w && unset VVAULT_DIR &&
	vvault -C v add --new nova memory:create --as-is "{}" 2>err && grep -x heard err &&
	vvault -C w add --new nova memory:create --as-is "{}" 2>err && expect_exit 1 grep -x heard err &&
	grep -F "not approved on this device: read it" err && mv v x &&
	vvault -C x add nova memory:create --as-is "{}" 2>err && expect_exit 1 grep -x heard err &&
	vvault -C x hooks approve && vvault -C x add nova memory:create --as-is "{}" 2>err &&
	grep -x heard err
'

test_case 'a hook that changed since does not run, and what is run was approved' '
	new_vault && echo "echo one" | hook post-commit &&
	vvault add --new nova memory:create --as-is "{}" 2>err && grep -x one err &&
	echo "echo two" | write_hook post-commit && vvault add nova memory:create --as-is "{}" 2>err &&
	expect_exit 1 grep -x two err && grep -F "has changed since it was approved" err &&
	says ".state == \"changed\"" vvault hooks list --json && vvault hooks approve &&
	vvault add nova memory:create --as-is "{}" 2>err && grep -x two err
'

test_case 'a hook that is left out is told once in a command' '
	new_vault && echo "echo heard" | write_hook post-commit &&
	vvault import "$capsules/core.capsule" "$capsules/mira_v1.capsule" >/dev/null 2>err &&
	test "$(grep -c "post-commit is left out" err)" -eq 1
'

test_case 'list, approve and revoke' '
	new_vault && vvault hooks list >out && test ! -s out &&
	vvault hooks list --json >out && test ! -s out &&
	expect_exit 128 vvault hooks approve 2>err && grep "no hook to approve" err &&
	echo "exit 0" | write_hook post-commit && echo "exit 0" | write_hook pre-push &&
	vvault hooks list --json >out && test "$(wc -l <out)" -eq 2 &&
	head -n 1 out | keys_are "hook path sha256 state" &&
	says -s "map([.hook, .state]) == [[\"post-commit\", \"not approved\"],
		[\"pre-push\", \"not approved\"]]" vvault hooks list --json &&
	says ".state == \"approved\" and .path == \"$PWD/v/vvault/hooks/pre-push\"" \
		vvault hooks approve pre-push --json &&
	test "$(jq -r .sha256 says.out)" = "$(sha256sum <v/vvault/hooks/pre-push | cut -d" " -f1)" &&
	says -s "map(.state) == [\"not approved\", \"approved\"]" vvault hooks list --json &&
	vvault hooks approve | grep -c " approved " | grep -x 2 &&
	vvault hooks revoke post-commit && says -s "map(.state) == [\"not approved\", \"approved\"]" \
		vvault hooks list --json &&
	rm v/vvault/hooks/pre-push && vvault hooks list | grep "^pre-push *gone " &&
	vvault hooks revoke && expect_exit 128 vvault hooks revoke 2>err
'

test_case 'what is not fit cannot be approved; other words are refused' '
	new_vault && echo "exit 0" | write_hook pre-push && chmod 722 v/vvault/hooks/pre-push &&
	expect_exit 128 vvault hooks approve pre-push --json 2>err && error_is denied &&
	vvault hooks list | grep "unsafe .*can be written by others" &&
	expect_exit 128 vvault hooks approve ../x --json 2>err && error_is invalid &&
	expect_exit 128 vvault hooks approve post-pull --json 2>err && error_is not-found &&
	vvault hooks && expect_exit 129 vvault hooks drop 2>err &&
	expect_exit 129 vvault hooks list pre-push 2>err
'

test_case 'keys named by a relative path are not looked for in the vault' '
	new_vault && export VVAULT_KEYS=k && vvault init w >/dev/null && unset VVAULT_DIR &&
	echo "echo heard; echo \$VVAULT_KEYS" | write_hook post-commit w && vvault -C w hooks approve &&
	vvault -C w add --new nova memory:create --as-is "{}" 2>err && grep -x heard err &&
	grep -xF "$PWD/k" err
'

done_testing
