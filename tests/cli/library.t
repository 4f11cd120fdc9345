#!/bin/sh
# The library with the actions, as it is installed, and its page.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

page=$VV_TOP/cmd/man/man3/vvault-actions.3

# The names in the sources, and those in the page.
in_sources() {
	sed -n '/^const struct action action_/{n;s/^\t"\([a-z -]*\)".*/\1/p;}' \
		$(find "$VV_TOP/cmd/action" -name '*.c') | sort
}

in_page() {
	sed -n '/^\.SH ACTIONS/,/^\.SH EXAMPLES/p' "$page" |
		sed -n 's/\\-/-/g; s/^\\fB\(.*\)\\fR$/\1/p' | sort
}

test_case 'the page lists the actions that there are' '
	in_sources >want && in_page >got && test -s want && cmp want got
'

example() {
	sed -n "/^\.SH EXAMPLES/,\$p" "$page" | sed "1,/^\.RS/d; /^\.RE/,\$d" |
		sed "s/\\\\-/-/g; s/\\\\e/\\\\/g"
}

test_case 'its example compiles with what is installed, and runs' '
	case $VV_BUILD in */san) skip_case "the library wants its sanitizers" ;; esac &&
	example >example.c && grep -q "action_run" example.c &&
	packages=$(sed -n "s/^PACKAGES = //p" "$VV_TOP/Makefile") &&
	into=$PWD/usr &&
	(cd "$VV_TOP" && BUILD=$VV_BUILD VERSION=0 sh tests/house/install.sh \
		install "" "$into" "$packages") &&
	test -f usr/share/man/man3/vvault-actions.3 &&
	PKG_CONFIG_PATH=$into/lib/pkgconfig && export PKG_CONFIG_PATH &&
	"${CC:-cc}" -Wall -Werror -o example example.c \
		$(pkg-config --static --cflags --libs vvault) &&
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	./example v "$VVAULT_KEYS" >got && vvault log -n 3 --json >want &&
	test -s want && cmp want got &&
	expect_exit 1 ./example nowhere "$VVAULT_KEYS" 2>err &&
	grep "nowhere" err
'

done_testing
