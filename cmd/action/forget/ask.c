#include <string.h>

#include "cmd/action/forget/going.h"
#include "lib/json/jcs_scan.h"

/* "1 session, 2 messages" of all constructs. */
static void put_kinds(const struct going *going, struct buf *out)
{
	uint64_t count;
	size_t kind;
	size_t i;

	for (kind = 0; kind_table[kind].name; kind++) {
		const char *name = kind_table[kind].name;
		size_t len = strlen(name);
		const char *end = "";

		for (count = 0, i = 0; i < going->n; i++)
			count += going->at[i]->kinds[kind];
		if (!count)
			continue;
		if (count > 1 && name[len - 1] == 'y') {
			end = "ies";
			len--;
		} else if (count > 1) {
			end = "s";
		}
		buf_putf(out, "%s%llu %.*s%s", out->len ? ", " : "",
			 (unsigned long long)count, (int)len, name, end);
	}
}

static uint64_t sum_why(const struct going *going, enum going_why why)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < going->n; i++)
		sum += going->at[i]->why[why];
	return sum;
}

static void note_some(const struct going *going, uint64_t n, const char *one,
		      const char *many)
{
	if (n)
		host_note(going->call->host, "%llu %s",
			  (unsigned long long)n, n == 1 ? one : many);
}

static void note_named(const struct going_one *one, const struct host *host)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span item;
	struct span value;

	buf_putf(&list, "[%s]", buf_text(&one->named));
	iter = jcs_iter_array(buf_span(&list));
	while (jcs_next(&iter, NULL, &item)) {
		buf_reset(&what);
		if (jcs_find(item, "what", &value) &&
		    jcs_string_decode(value, &what, NULL) == 0)
			host_note(host, "goes: %s", buf_text(&what));
	}
	if (one->named_n > GOING_SHOWN)
		host_note(host, "goes: %llu more",
			  (unsigned long long)(one->named_n - GOING_SHOWN));
	buf_release(&what);
	buf_release(&list);
}

/* The same of all constructs. */
struct beside {
	uint64_t left;
	uint64_t capsules;
	uint64_t subjects;
	uint64_t disputed;
};

static struct beside sum_beside(const struct going *going)
{
	struct beside sum = { 0, 0, 0, 0 };
	size_t i;

	for (i = 0; i < going->n; i++) {
		sum.left += going->at[i]->left;
		sum.capsules += going->at[i]->capsules;
		sum.subjects += going->at[i]->subjects;
		sum.disputed += going->at[i]->disputed;
	}
	return sum;
}

void going_note_left(const struct going *going)
{
	const struct beside sum = sum_beside(going);
	const char *capsules = sum.capsules ? ", the capsules" : "";
	const char *subjects = sum.subjects ?
			       ", 'vvault log' (how some of it begins)" : "";
	const char *elsewhere = going->elsewhere.len ?
				buf_text(&going->elsewhere) : "";
	struct buf what = BUF_INIT(BUF_NO_LIMIT);

	buf_putf(&what, "%s%s%s%s", capsules, subjects,
		 *elsewhere ? ", " : "", elsewhere);
	host_note(going->call->host, "%s%s; the history still has its bytes, "
		  "here and wherever it was sent: 'vvault forget --list' says "
		  "where", what.len ? "still shown by " :
		  "nothing shows it any more",
		  what.len ? buf_text(&what) + 2 : "");
	buf_release(&what);
}

void going_note_beside(const struct going *going)
{
	const struct beside sum = sum_beside(going);

	note_some(going, sum_why(going, GOING_DRAWN),
		  "piece of knowledge that was drawn from it goes too",
		  "pieces of knowledge that were drawn from it go too");
	note_some(going, sum_why(going, GOING_COPY),
		  "message that repeats it goes too",
		  "messages that repeat it go too");
	note_some(going, sum_why(going, GOING_FILE),
		  "file that was kept as it was imported holds it, and goes "
		  "too", "files that were kept as they were imported hold it, "
		  "and go too");
	note_some(going, sum.left, "thing that names it stays, without its words",
		  "things that name it stay, without its words");
	note_some(going, sum.capsules, "capsule holds it word by word and stays: "
		  "forget that as well, or import one without it",
		  "capsules hold it word by word and stay: forget these as "
		  "well, or import ones without it");
	if (going->elsewhere.len)
		host_note(going->call->host, "%s: the same, or what repeats "
			  "it, stands there too and stays; --construct says "
			  "where it is to be forgotten",
			  buf_text(&going->elsewhere));
	note_some(going, sum.subjects, "version says in its subject how it "
		  "begins, and stays as it was signed",
		  "versions say in their subjects how it begins, and stay as "
		  "they were signed");
	note_some(going, sum.disputed, "thing loses a word that had settled "
		  "what was said before: 'vvault conflicts' has it then",
		  "things lose a word that had settled what was said before: "
		  "'vvault conflicts' has them then");
}

int going_ask(const struct going *going, bool *out_goes_on, struct err *err)
{
	const struct host *host = going->call->host;
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	struct buf kinds = BUF_INIT(BUF_NO_LIMIT);
	uint64_t records = going_records(going);
	size_t i;
	int rc = 0;

	*out_goes_on = true;
	if (action_flag(going->call, "yes"))
		return 0;
	put_kinds(going, &kinds);
	if (host_can_ask(host)) {
		for (i = 0; i < going->n; i++)
			note_named(going->at[i], host);
		buf_putf(&question, "Forget for good, for everybody: %llu "
			 "record%s (%s)?", (unsigned long long)records,
			 records == 1 ? "" : "s", buf_text(&kinds));
		rc = buf_end(&question, err);
		*out_goes_on = rc == 0 && host_confirm(host,
						       buf_span(&question));
	} else {
		rc = err_set(err, ERR_INVALID, "what is forgotten is gone for "
			     "good, for everybody: %llu record%s (%s); "
			     "--dry-run shows what goes, and --yes says that "
			     "it may", (unsigned long long)records,
			     records == 1 ? "" : "s", buf_text(&kinds));
	}
	buf_release(&question);
	buf_release(&kinds);
	return rc;
}
