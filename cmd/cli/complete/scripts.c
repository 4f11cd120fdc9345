#include "cmd/cli/complete/scripts.h"

#include <stddef.h>
#include <string.h>

const char *const script_shells[] = { "bash", "zsh", "fish", NULL };

/*
 * bash breaks words at '=', ':' and '@' too: they are put together again, and
 * of each candidate only what stands behind the last of these is handed over.
 * Nothing of what is typed is evaluated, and what comes back is quoted.
 */
static const char bash[] =
	"_vvault()\n"
	"{\n"
	"\tlocal line=${COMP_LINE:0:COMP_POINT} words=() word i broken= c\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $i = 0 || $line = [[:space:]]* ]]; then\n"
	"\t\t\tline=${line#\"${line%%[![:space:]]*}\"}\n"
	"\t\t\twords+=(\"\")\n"
	"\t\tfi\n"
	"\t\t[[ $i != \"$COMP_CWORD\" ]] || word=$line\n"
	"\t\twords[${#words[@]} - 1]+=$word\n"
	"\t\tline=${line#\"$word\"}\n"
	"\tdone\n"
	"\tword=${words[${#words[@]} - 1]}\n"
	"\tfor ((i = 0; i < ${#words[@]}; i++)); do\n"
	"\t\tcase ${words[i]} in\n"
	"\t\t\\\"*) words[i]=${words[i]//\\\"/} ;;\n"
	"\t\t\\'*) words[i]=${words[i]//\\'/} ;;\n"
	"\t\t*) words[i]=${words[i]//\\\\/} ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\t[[ $word != *[:=@]* ]] || broken=${word%\"${word##*[:=@]}\"}\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS=$'\\t' read -r c _; do\n"
	"\t\tif [[ $c = :files ]]; then\n"
	"\t\t\tcompopt -o default 2>/dev/null\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tc=${c#\"$broken\"}\n"
	"\t\t[[ $c != *[!a-zA-Z0-9._/:=@~%+,-]* ]] || printf -v c %q \"$c\"\n"
	"\t\tCOMPREPLY+=(\"$c\")\n"
	"\tdone < <(\"${words[0]/#\\~/$HOME}\" __complete \"${words[@]:1}\" 2>/dev/null)\n"
	"}\n"
	"complete -F _vvault vvault\n";

static const char zsh[] =
	"#compdef vvault\n"
	"_vvault()\n"
	"{\n"
	"\tlocal -a names shown\n"
	"\tlocal line files=\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tfiles=1\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tnames+=(\"${line%%$'\\t'*}\")\n"
	"\t\tshown+=(\"${line/$'\\t'/  -- }\")\n"
	"\tdone < <(\"${(Q)words[1]}\" __complete \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)\n"
	"\t(( ! ${#names} )) || compadd -l -d shown -a names\n"
	"\t[[ -z $files ]] || _files\n"
	"}\n"
	"if [[ ${funcstack[1]} == _vvault ]]; then\n"
	"\t_vvault \"$@\"\n"
	"else\n"
	"\tcompdef _vvault vvault\n"
	"fi\n";

static const char fish[] =
	"function __vvault_complete\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l last (commandline -ct)\n"
	"\tfor line in ($words[1] __complete $words[2..-1] $last 2>/dev/null)\n"
	"\t\tif test \"$line\" = :files\n"
	"\t\t\t__fish_complete_path $last\n"
	"\t\telse\n"
	"\t\t\tprintf '%s\\n' $line\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"complete -c vvault -f -a '(__vvault_complete)'\n";

const char *script_of(const char *shell)
{
	return !strcmp(shell, "bash") ? bash : !strcmp(shell, "zsh") ? zsh :
	       !strcmp(shell, "fish") ? fish : NULL;
}
