#!/bin/sh
# The rules of who may do what (authority.pml), searched through by spin: every
# history of 3 versions by 4 devices on top of a first one, in every order of
# arrival; under a sanitizer, which finds nothing here, of 2.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

model=$VV_TOP/tests/model/authority.pml
command -v spin >/dev/null || skip_all 'spin is not installed, and cannot be'

case $VV_BUILD in
*/san) versions=2 ;;
*) versions=3 ;;
esac

# search <versions> <option of cc> [<how the rules are broken>]: what spin
# finds, in found. What must be there is soon found from the other end.
search() {
	spin -a -DVERSIONS="$1" ${3:+"-D$3"} "$model" &&
	"${CC:-gcc}" "$2" -w -DSAFETY -DNOREDUCE ${3:+-DT_REVERSE} \
		-o pan pan.c &&
	./pan -m10000 >found
}

# refuted <how the rules are broken> [<assertion>]: spin finds a history for it.
refuted() {
	search 3 -O0 "$1" && grep -qF "assertion violated ${2:-}" found &&
	grep -q "errors: 1" found
}

test_case 'authority does not depend on the order; nobody removed returns' '
	search "$versions" -O1 && cat found &&
	grep -q "errors: 0" found && ! grep -q "not completed" found
'

test_case 'it would be found that who may sign is asked of what is here' '
	refuted BREAK_ORDER "(all==at_first)"
'

test_case 'or that words of ones own undo each other' '
	refuted BREAK_OWN "(all==at_first)"
'

test_case 'or that a later role gives back what a removal took' '
	refuted BREAK_REMOVED "(role==0)"
'

test_case 'or that a cut goes by numbers and not by ancestry' '
	refuted BREAK_CUT "( !(is_low)||is_good)"
'

done_testing
