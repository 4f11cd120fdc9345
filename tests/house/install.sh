#!/bin/sh
# usage: install.sh install|uninstall <destdir> <prefix> <packages>
# One list of files serves both ways, so what came also goes.
set -eu
action=$1
root=$2$3
prefix=$3
private=$(echo "${4:-}" | sed 's/libgit2 *//')

# put <mode> <source> <folder under the prefix> [<name>]
put() {
	to=$root/$3/${4:-${2##*/}}
	case $action in
	install) install -D -m "$1" "$2" "$to" ;;
	uninstall) rm -f "$to" ;;
	esac
}

put 755 "$BUILD/vvault" bin
put 644 "$BUILD/libvvault.a" lib
for header in $(find lib objects refs -name '*.h') cmd/action/action.h \
	cmd/action/host.h; do
	case $header in
	*_internal.h | *'*'*) continue ;;
	esac
	put 644 "$header" "include/vvault/${header%/*}"
done
for page in cmd/man/*/*.[1357]; do
	test -e "$page" && put 644 "$page" "share/man/man${page##*.}"
done
put 644 cmd/completion/vvault.bash share/bash-completion/completions vvault
put 644 cmd/completion/vvault.zsh share/zsh/site-functions _vvault
put 644 cmd/completion/vvault.fish share/fish/vendor_completions.d

for file in hooks/samples/*; do
	put 644 "$file" share/doc/vvault/hooks
done

pc=$(mktemp)
trap 'rm -f "$pc"' EXIT
sed -e "s|@PREFIX@|$prefix|; s|@VERSION@|$VERSION|; s|@PRIVATE@|$private|" \
	lib/vvault.pc.in >"$pc"
put 644 "$pc" lib/pkgconfig vvault.pc

if test "$action" = uninstall && test -d "$root/include/vvault"; then
	find "$root/include/vvault" -depth -type d -empty -delete
fi
