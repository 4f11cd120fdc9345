#!/bin/sh
# The lint finds what it is there for, and lets good code pass.
. "$(dirname "$0")/../tap.sh"

# finds <folder/file> <what it should say>: the file's text is on stdin.
finds() {
	mkdir -p "${1%/*}" && cat >"$1" &&
	expect_exit 1 perl "$VV_TOP/tests/lint/code.pl" "$1" >out &&
	cat out && test "$(grep -c . out)" -eq 1 && grep -qF "$1:$2" out
}

# passes <folder/file>
passes() {
	mkdir -p "${1%/*}" && cat >"$1" &&
	expect_exit 0 perl "$VV_TOP/tests/lint/code.pl" "$1"
}

test_case 'includes point one way' '
	echo "#include \"refs/key/key.h\"" | finds objects/a.c "1: objects/ may not include refs/" &&
	echo "#include \"objects/tree/tree.h\"" | finds lib/a.c "1: lib/ may not" &&
	echo "#include \"objects/tree/tree.h\"" | finds hooks/a.c "1: hooks/ may not" &&
	echo "#include \"objects/tree/tree.h\"" | passes refs/a.c
'

test_case 'folders of a layer include in their order, sub-folders too' '
	echo "#include \"refs/verify/verify.h\"" | finds refs/vault/a.c "1: includes " &&
	echo "#include \"refs/remote/side/side.h\"" | finds refs/remote/transport/a.c "1: includes " &&
	echo "#include \"refs/remote/remote.h\"" | finds refs/upkeep/a.c "1: includes " &&
	echo "#include \"refs/remote/side/side.h\"" | passes refs/remote/b.c &&
	echo "#include \"refs/vault/vault.h\"" | passes refs/verify/a.c
'

test_case 'internal headers stay in their folder, and the repository below refs' '
	echo "#include \"refs/vault/vault_internal.h\"" | finds refs/trust/a.c "1: " &&
	echo "#include \"refs/vault/vault_internal.h\"" | passes refs/vault/b.c &&
	echo "int x(git_repository *repo);" | finds refs/vault/c.c "1: " &&
	echo "int x(git_repository *repo);" | passes refs/history/a.c
'

test_case 'libraries stay out of headers, libgit2 in two folders excepted' '
	printf "/* x */\n#include <sodium.h>\n" | finds refs/a.h "2: header of a library" &&
	printf "/* x */\n#include <git2.h>\n" | finds lib/a.h "2: header of a library" &&
	printf "/* x */\n#include <git2.h>\n#include <stdint.h>\n" | passes refs/b.h
'

test_case 'forbidden calls are seen, look-alikes and text are not' '
	echo "int x = atoi(y);" | finds cmd/a.c "1: unbounded function" &&
	echo "int x = printf(y);" | finds lib/a.c "1: " &&
	echo "int x = my_atoi(y) + s->atoi(y);" | passes cmd/b.c &&
	echo "const char *x = \"atoi( // exit(1)\";" | passes lib/b.c &&
	echo "int x = snprintf(y) + strtok_r(y); /* strcpy(a) */" | passes lib/c.c &&
	echo "int x = printf(y);" | passes cmd/c.c
'

test_case 'what the library has of cmd is silent, and knows no front' '
	echo "int x = getenv(y);" | finds cmd/action/vault/a.c "1: " &&
	echo "int x = isatty(y);" | finds cmd/import/a.c "1: " &&
	echo "int x = getenv(y);" | passes cmd/cli/a.c &&
	echo "#include \"cmd/cli/cmd.h\"" | finds cmd/action/b.c "1: " &&
	echo "#include \"cmd/render/render.h\"" | finds cmd/import/b.c "1: " &&
	echo "#include \"cmd/action/action.h\"" | passes cmd/render/b.c
'

test_case 'a function of 61 lines is too long, unless it is flat' '
	body() { echo "int f(void)"; echo "{"; yes "	x;" | head -n $1; echo "}"; } &&
	body 58 | finds lib/a.c "1: '"'f' has 61 lines"'" &&
	body 57 | passes lib/b.c &&
	{ echo "/* A flat table of names. */"; body 90; } | passes lib/c.c
'

test_case 'nesting counts with and without braces, else-if does not' '
	printf "int f(void)\n{\n\tif (a)\n\t\tfor (;;)\n\t\t\tdo {\n\t\t\t\twhile (b)\n\t\t\t\t\tc();\n\t\t\t} while (0);\n}\n" |
		finds lib/a.c "7: " &&
	printf "int f(void)\n{\n\tif (a)\n\t\tb();\n\telse if (c)\n\t\td();\n\telse if (e)\n\t\tf();\n\telse if (g)\n\t\th();\n}\n" |
		passes lib/b.c
'

test_case 'seven parameters are too many, six and ... are not' '
	printf "int f(int a, int b, int c, int d, int e, int f, int g)\n{\n}\n" |
		finds lib/a.c "1: " &&
	printf "int f(int (*a)(int, int), int b, int c, int d, int e, int f, ...)\n{\n}\n" |
		passes lib/b.c
'

test_case 'goto goes forward only' '
	printf "int f(void)\n{\nagain:\n\tx();\n\tgoto again;\n}\n" |
		finds lib/a.c "5: goto" &&
	printf "int f(void)\n{\n\tgoto out;\nout:\n\treturn 0;\n}\n" | passes lib/b.c
'

test_case 'names of libraries, typedefs and changing globals are refused' '
	printf "int git_f(void)\n{\n}\n" | finds lib/a.c "1: " &&
	echo "typedef int foo;" | finds lib/b.c "1: typedef" &&
	echo "static int count = 1;" | finds refs/c.c "1: a global" &&
	echo "static const int count = 1;" | passes refs/d.c
'

test_case 'families of importers know nothing of each other' '
	echo "#include \"cmd/import/codex/codex.h\"" |
		finds cmd/import/letta/a.c "1: the importers of letta" &&
	echo "#include \"cmd/import/records/chat.h\"" | passes cmd/import/letta/b.c &&
	echo "#include \"cmd/import/letta/block.h\"" | passes cmd/import/letta/c.c &&
	echo "#include \"cmd/capture/agent.h\"" | finds cmd/import/d.c "1: " &&
	echo "#include \"cmd/action/action.h\"" | finds cmd/capture/e.c "1: " &&
	echo "#include \"cmd/import/import.h\"" | passes cmd/capture/f.c
'

test_case 'a line has at most 100 columns' '
	printf "\tint %092d;\n" 0 | finds lib/a.c "1: 105 columns" &&
	printf "\tint %080d;\n" 0 | passes lib/b.c &&
	{ printf "/*"; for i in 1 2 3 4 5 6 7 8 9 0; do printf "ääääääääää"; done
	  printf "\n*/\n"; } | finds lib/c.c "1: 102 columns"
'

test_case 'a name that many files give to things of their own is told' '
	mkdir -p lib && for i in 1 2 3 4 5 6 7 8 9; do
		printf "static int parse(void)\n{\n}\n" >lib/$i.c
	done && expect_exit 1 perl "$VV_TOP/tests/lint/code.pl" lib/*.c >out &&
	grep "^lib/1.c:1: .parse. is a name in 9 files" out && rm lib/9.c &&
	perl "$VV_TOP/tests/lint/code.pl" lib/*.c
'

test_case 'a command file has at most 250 lines' '
	yes "int x;" | head -n 251 | finds cmd/cli/a.c "251: " &&
	yes "int x;" | head -n 250 | passes cmd/cli/b.c &&
	yes "int x;" | head -n 251 | passes cmd/import/a.c
'

done_testing
