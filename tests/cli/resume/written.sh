# What a writer makes of the passage in tests/unit/cmd/resume/passage_sample.h,
# read after lib.sh. The test says whose it is:
#
#	agent	as resume --as calls it
#	place	its folder of sessions below the home
#	checker	of tests/resume
#	accepted	a home of ../shared that the program itself took up

# makes [<home>]: the files, to go on in /srv/proj.
makes() {
	"$VV_BUILD/tests/tools/write_passage" "$agent" "${1:-made}/$place" /srv/proj >"${1:-made}.said"
}

# checks <home> [<told>]: a day after the passage.
checks() {
	NOW=1777971700 perl "$VV_TOP/tests/resume/$checker" "$1/$place" /srv/proj ${2:+"$2"}
}

# checks_accepted: so that the checker asks for no more than the program does.
checks_accepted() {
	user=demo && NOW=1795948300 perl "$VV_TOP/tests/resume/$checker" "$accepted/home/$place" "/home/$user/proj" told &&
	jq -c ".received[:-1][] | select(.[1] != \"call\") | map(. // \"\")" "$accepted/received.json" >want &&
	jq -c "select(.[1] != \"call\") | .[:3] + [.[3] // \"\"]" told | diff want -
}

# as_sample <told>: it is what the passage says, in its order.
as_sample() {
	diff "$VV_TOP/tests/resume/sample.told" "$1"
}

# refuses <file below the place>: of each line "<perl> :: <words>" on standard
# input the checker says the words when the perl has changed the file.
refuses() {
	makes && n=0
	while IFS= read -r line; do
		n=$((n + 1)) && rm -rf broken && cp -R made broken &&
		perl -0777 -i -pe "${line%% :: *}" "broken/$place/$1" || return
		! cmp -s "made/$place/$1" "broken/$place/$1" || { echo "it changes nothing: $line"; return 1; }
		if checks broken >said || ! grep -qF -- "${line##* :: }" said; then
			echo "it is not told: $line" && cat said
			return 1
		fi
	done
	test "$n" -gt 0
}

# refuses_name <from> <to> <words>: of a file that lies elsewhere.
refuses_name() {
	rm -rf made && makes && mkdir -p "$(dirname "made/$place/$2")" && mv "made/$place/$1" "made/$place/$2" &&
	! checks made >said && { grep -qF -- "$3" said || { cat said; false; }; }
}
