#!/bin/sh
# Install the Debian packages of one group that are missing: build, check or
# lint. Without apt (another system) it leaves the choice to its owner.
set -eu

case $1 in
build) want="gcc libc6-dev pkg-config git libgit2-dev libsodium-dev nettle-dev
	libxxhash-dev libjansson-dev libzstd-dev libdeflate-dev zlib1g-dev
	libstemmer-dev libpcre2-dev libmd4c-dev libncurses-dev
	libsqlite3-dev libkeyutils-dev libqrencode-dev" ;;
check) want="openssh-client openssh-server lighttpd lighttpd-mod-openssl jq
	perl openssl procps bsdutils tmux zstd zsh fish sqlite3
	spin" ;;
lint) want="clang clang-tools libclang-rt-14-dev cppcheck perl groff" ;;
*) echo "usage: deps.sh build|check|lint" >&2; exit 129 ;;
esac

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || exit 0
missing=
for package in $want; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1) ||
		state=unknown
	test "$state" = installed || missing="$missing $package"
done
test -n "$missing" || exit 0

root=
if test "$(id -u)" -ne 0; then
	if ! command -v sudo >/dev/null; then
		echo "please install as root:$missing" >&2
		exit 1
	fi
	root=sudo
fi
echo "  APT $missing"
install() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
		--no-install-recommends $missing >"$log" 2>&1 </dev/null
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A package list that is there may be old: only a failure costs an update.
install || { $root apt-get update -qq >"$log" 2>&1 && install; } || {
	cat "$log" >&2
	exit 1
}
