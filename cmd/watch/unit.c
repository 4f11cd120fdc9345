#include "cmd/watch/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/base/xxh.h"

#define MARK "# Written by 'vvault watch --install'. Sum of what follows: "
#define SUM_DIGITS 16

/* What can be asked of a user's manager without namespaces, which not every
 * system gives; and nothing that keeps ssh or a hook from its work. */
#define BEGIN \
	"\n[Unit]\n" \
	"Description=Bring the conversations of AI agents into a vault\n" \
	"Documentation=man:vvault-watch(1)\n" \
	"\n[Service]\n"
#define END \
	"Restart=on-failure\n" \
	"RestartSec=60\n" \
	"KillMode=mixed\n" \
	"TimeoutStopSec=10\n" \
	"Nice=10\n" \
	"UMask=0077\n" \
	"NoNewPrivileges=yes\n" \
	"LockPersonality=yes\n" \
	"RestrictRealtime=yes\n" \
	"RestrictSUIDSGID=yes\n" \
	"SystemCallArchitectures=native\n" \
	"\n[Install]\n" \
	"WantedBy=default.target\n"

static int check(const char *word, struct err *err)
{
	return text_is_utf8(span_str(word)) && !strpbrk(word, "\r\n") ? 0 :
	       err_set(err, ERR_INVALID, "'%s' has a line end or is no UTF-8: "
		       "no unit can name it", word);
}

static int check_all(const struct unit *unit, struct err *err)
{
	const char *const *at;
	int rc = check(unit->program, err);

	for (at = unit->words; rc == 0 && *at; at++)
		rc = check(*at, err);
	for (at = unit->variables; rc == 0 && *at; at++)
		rc = check(*at, err);
	return rc;
}

/* also: what is doubled beside '%', which begins a specifier everywhere. */
static void put_quoted(struct buf *out, const char *word, const char *also)
{
	buf_put_char(out, '"');
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			buf_put_char(out, '\\');
		else if (*word == '%' || strchr(also, *word))
			buf_put_char(out, *word);
		buf_put_char(out, *word);
	}
	buf_put_char(out, '"');
}

int unit_write(const struct unit *unit, struct buf *out, struct err *err)
{
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	const char *const *at;
	int rc = check_all(unit, err);

	buf_put_str(&rest, BEGIN "ExecStart=");
	/* Variables, which a '$' begins, are looked for behind it alone. */
	put_quoted(&rest, unit->program, "");
	for (at = unit->words; *at; at++) {
		buf_put_char(&rest, ' ');
		put_quoted(&rest, *at, "$");
	}
	for (at = unit->variables; *at; at++) {
		buf_put_str(&rest, "\nEnvironment=");
		put_quoted(&rest, *at, "");
	}
	buf_put_str(&rest, "\n" END);
	if (rc == 0)
		rc = buf_end(&rest, err);
	if (rc == 0) {
		buf_putf(out, MARK "%016" PRIx64 "\n",
			 xxh64_of(rest.data, rest.len));
		buf_put_span(out, buf_span(&rest));
		rc = buf_end(out, err);
	}
	buf_release(&rest);
	return rc;
}

/* As sh reads it; a '%' is a line end to cron. */
static void put_for_cron(struct buf *out, const char *word)
{
	buf_put_char(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_put_str(out, "'\\'");
		else if (*word == '%')
			buf_put_char(out, '\\');
		buf_put_char(out, *word);
	}
	buf_put_char(out, '\'');
}

int unit_write_cron(const struct unit *unit, struct buf *out, struct err *err)
{
	const char *const *at;
	int rc = check_all(unit, err);

	if (rc < 0)
		return rc;
	buf_put_str(out, "*/5 * * * * ");
	for (at = unit->variables; *at; at++) {
		buf_putf(out, "%.*s", (int)(strchr(*at, '=') - *at) + 1, *at);
		put_for_cron(out, strchr(*at, '=') + 1);
		buf_put_char(out, ' ');
	}
	put_for_cron(out, unit->program);
	for (at = unit->words; *at; at++) {
		buf_put_char(out, ' ');
		put_for_cron(out, *at);
	}
	buf_put_str(out, " >/dev/null 2>&1");
	return buf_end(out, err);
}

enum unit_origin unit_origin(struct span text)
{
	const size_t head = strlen(MARK) + SUM_DIGITS + 1;
	char sum[SUM_DIGITS + 1];

	if (text.len < head || memcmp(text.at, MARK, strlen(MARK)) != 0)
		return UNIT_FOREIGN;
	snprintf(sum, sizeof(sum), "%016" PRIx64,
		 xxh64_of(text.at + head, text.len - head));
	return memcmp(text.at + strlen(MARK), sum, SUM_DIGITS) ? UNIT_CHANGED :
	       UNIT_OURS;
}
