#!/bin/sh
# usage: link.sh <late_tls.o> <quick_deflate.o> <no_stemmer.o>
#	<late_markdown.o> <late_math.o> <late_qr.o> <stop.c> <compiler>
#	<packages>
#
# Print the linker arguments for the program. Shared libraries double its
# start: 2.5 ms against 0.6 ms (git: 0.9 ms). So link libgit2 and its company
# from their archives if a test link works, else with the shared ones.
#
# Three parts of libgit2.a are left out: negotiate authentication (needs
# Kerberos, of which Debian has no archive), libssh2 and its start (ssh
# remotes run the user's ssh). A defined symbol keeps an archive's member
# out, so their entries are tied to functions of libgit2 that refuse
# (git_http_auth_dummy) or do nothing and return 0
# (git_openssl_stream_global_init, built without OpenSSL).
#
# The languages of libstemmer that stop.c does not name are left out in the
# same way: no_stemmer.c says why. md4c and libqrencode, of which Debian has no
# archives, are opened when Markdown is first read and a key put on paper; libm,
# when SQL first asks for a function of it.
set -eu
objects="$1 $2 $3 $4 $5 $6"
stems=" $(sed -n 's/^\t{ "\([a-z]*\)",$/\1/p' "$7" | tr '\n' ' ')"
test "$stems" != " " || { echo "no languages in $7" >&2; exit 1; }
cc=$8
shift 8

libs="-lgit2 -lmbedtls -lmbedx509 -lmbedcrypto -lhttp_parser -lpcre2-8 -lz
	-lsodium -lnettle -lxxhash -ljansson -lzstd -ldeflate -lncursesw
	-ltinfo -lsqlite3 -lstemmer -lkeyutils"
args="-Wl,--defsym=git_http_auth_negotiate=git_http_auth_dummy
	-Wl,--defsym=git_smart_subtransport_ssh=git_http_auth_dummy
	-Wl,--defsym=git_transport_ssh_global_init=git_openssl_stream_global_init"
for name in stream_global_init stream_new stream_wrap _set_cert_location; do
	args="$args -Wl,--wrap=git_mbedtls_$name
	-Wl,--defsym=__wrap_git_mbedtls_$name=late_tls_${name#_}"
done
archive=$($cc -print-file-name=libstemmer.a)
members=
test ! -f "$archive" || members=$(ar t "$archive")
for member in $members; do
	coding=${member#stem_} language=${member##*_}
	coding=${coding%_*} language=${language%.o}
	case "$member $coding $stems" in
	stem_*" UTF_8 "*" $language "*) continue ;;
	stem_*) ;;
	*) continue ;;
	esac
	for name in create_env close_env stem; do
		args="$args -Wl,--defsym=${language}_${coding}_$name=no_stemmer"
	done
done
args="$args -Wl,-z,pack-relative-relocs -Wl,--wrap=deflate
	-Wl,--defsym=__wrap_deflate=quick_deflate"

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
cat >"$probe/probe.c" <<'END'
extern int git_libgit2_init(void);
int main(void) { return git_libgit2_init() < 0; }
END
set -- $(pkg-config --libs-only-L "$@") "$@"
static=$(echo "$objects" $args -Wl,-Bstatic $libs -Wl,-Bdynamic)
if $cc -o "$probe/probe" "$probe/probe.c" $static -lpthread \
	>/dev/null 2>&1 && "$probe/probe"
then
	echo $static
else
	echo "  note: no archives to link with, using shared libraries" >&2
	echo $(pkg-config --libs "$@" ncursesw) -lstemmer
fi
