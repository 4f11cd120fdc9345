#!/bin/sh
# What chat apps export, with what is known to be in it (../shared/data/agents).
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# brings <folder>: what is in it comes in; some files beside may be unknown.
brings() {
	vvault import "$1" >said 2>&1 || test $? -eq 3 || { cat said; return 1; }
}

# comes_home <store>: as it is, once more, which adds nothing, and in a zip.
comes_home() {
	store=$VV_SHARED/data/agents/$1
	new_vault && cp -R "$store" store && chmod -R u+w store && rm store/expected.json &&
	brings store && vvault ls --json "$1" >ls.json &&
	perl "$VV_TOP/tests/expected.pl" "$store/expected.json" ls.json &&
	brings store && grep -q ' 0 new\|^nothing new' said &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	set -- "$1" && find store -type f | sort >files &&
	while read -r file; do set -- "$@" "${file#store/}" "$file"; done <files &&
	app=$1 && shift && make_zip all.zip "$@" && brings all.zip &&
	vvault ls --json "$app" >ls.json &&
	perl "$VV_TOP/tests/expected.pl" "$store/expected.json" ls.json
}

for store in chatbox deepseek lmstudio nextchat openwebui typingmind; do
	test_case "what $store exports comes home as it is" '
		need_shared && comes_home '$store'
	'
done

done_testing
