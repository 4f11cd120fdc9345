#include "cmd/action/vault/member_stays.h"

#include <string.h>

#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/index/lists/names.h"

#define TOLD 12		/* constructs; of the rest there is a word */

void stays_release(struct stays *stays)
{
	device_lasts_release(&stays->all);
	device_lasts_release(&stays->kept);
}

static int copy_all(struct stays *stays, struct err *err)
{
	size_t i;
	int rc = 0;

	memcpy(stays->kept.public, stays->all.public, DID_KEY_BYTES);
	for (i = 0; rc == 0 && i < stays->all.n; i++) {
		rc = array_room(&stays->kept, err);
		if (rc == 0)
			stays->kept.at[stays->kept.n++] = stays->all.at[i];
	}
	return rc;
}

static int keep_until(struct vault *vault, struct stays *stays,
		      const char *word, struct err *err)
{
	struct ref ref = REF_INIT;
	int rc = ref_open(vault, word, NULL, &ref, err);

	if (rc == 0 && ref.entity.len)
		rc = err_set(err, ERR_INVALID, "'%s' is '%s', and a version "
			     "is wanted", word, buf_text(&ref.entity));
	if (rc == 0)
		rc = device_lasts_until(vault, ref.view->ref_name,
					ref.view->heads, ref.view->heads_n,
					&stays->kept, err);
	ref_release(&ref);
	return rc;
}

int stays_find(struct action_call *call, const unsigned char *public,
	       struct stays *stays, struct err *err)
{
	const struct action_value *until = action_value(call, "keep-until");
	size_t i;
	int rc = device_lasts(call->vault, public, &stays->all, err);

	if (rc == 0)
		rc = copy_all(stays, err);
	for (i = 0; rc == 0 && until && i < until->n; i++)
		rc = keep_until(call->vault, stays, until->texts[i], err);
	return rc;
}

void member_title(struct vault *vault, const unsigned char *public,
		  struct buf *out)
{
	struct span name = device_name(vault, public);
	char did[DID_SHORT_MAX];

	did_short(public, did);
	if (name.len)
		buf_putf(out, "'%.*s'", (int)name.len, name.at);
	else
		buf_putf(out, "'%.*s'", DEVICE_BRIEF, did);
}

/* What a construct is called, by a version of it; "" where that is sealed. */
static void name_of_version(struct vault *vault, const git_oid *id,
			    char out[CONSTRUCT_NAME_MAX])
{
	struct version version;

	version_init(&version);
	out[0] = '\0';
	if (version_read(vault->store, id, &version, NULL) < 0 ||
	    vault_construct_name(vault, &version, out, NULL) < 0)
		out[0] = '\0';
	version_release(&version);
}

static void put_title(struct vault *vault, const struct device_last *last,
		      struct buf *out)
{
	char name[CONSTRUCT_NAME_MAX];
	const char *called = NULL;

	if (!strcmp(last->cut.construct, VAULT_CONSTRUCT)) {
		buf_put_str(out, "members and keys");
		return;
	}
	name_of_version(vault, &last->id, name);
	if (name[0] && names_shown_of_few(vault, name, &called, NULL) < 0)
		called = NULL;
	buf_put_str(out, called ? called : name[0] ? name :
		    "a construct without a name here");
}

/* The one of that construct with the highest seq; NULL. A device that has one
 * line there has made so many versions. */
static const struct device_last *find_last(const struct device_lasts *lasts,
					   const char *construct)
{
	size_t i;

	for (i = 0; i < lasts->n; i++)
		if (!strcmp(lasts->at[i].cut.construct, construct))
			return &lasts->at[i];
	return NULL;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* "nova: 3 versions of 'phone' stay, the newest of yesterday 14:03" */
static void put_sentence(const struct action_call *call,
			 const struct stays *stays,
			 const struct device_last *all, struct buf *out)
{
	const struct device_last *kept =
		find_last(&stays->kept, all->cut.construct);
	uint64_t n = kept ? kept->cut.seq : 0;
	uint64_t gone = all->cut.seq > n ? all->cut.seq - n : 0;
	char when[WALL_TEXT_MAX];

	put_title(call->vault, all, out);
	if (kept) {
		wall_text_near(&call->settings.wall,
			       kept->time * TIMESTAMP_SECOND, when);
		buf_putf(out, ": %llu version%s of ", (unsigned long long)n,
			 plural(n));
		member_title(call->vault, stays->all.public, out);
		buf_putf(out, " stay%s, the newest of %s", n == 1 ? "s" : "",
			 when);
	} else {
		buf_put_str(out, ": nothing of ");
		member_title(call->vault, stays->all.public, out);
		buf_put_str(out, " stays but what others built on");
	}
	if (gone)
		buf_putf(out, "; %llu newer one%s count%s no more",
			 (unsigned long long)gone, plural(gone),
			 gone == 1 ? "s" : "");
}

static bool is_first(const struct device_lasts *lasts, size_t i)
{
	return !i || strcmp(lasts->at[i].cut.construct,
			    lasts->at[i - 1].cut.construct) != 0;
}

int stays_tell(const struct action_call *call, const struct stays *stays,
	       const char *only, struct err *err)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	uint64_t rest = 0;
	uint64_t told = 0;
	size_t i;
	int rc;

	for (i = 0; i < stays->all.n; i++) {
		const struct device_last *all = &stays->all.at[i];

		if (!is_first(&stays->all, i) ||
		    (only && strcmp(only, all->cut.construct) != 0))
			continue;
		if (told++ >= TOLD) {
			rest++;
			continue;
		}
		buf_reset(&line);
		put_sentence(call, stays, all, &line);
		host_note(call->host, "%s", buf_text(&line));
	}
	if (rest)
		host_note(call->host, "and what it wrote in %llu other "
			  "construct%s", (unsigned long long)rest,
			  plural(rest));
	buf_reset(&line);
	member_title(call->vault, stays->all.public, &line);
	if (!told && !only)
		host_note(call->host, "nothing that %s signed is here, so "
			  "nothing of it will count", buf_text(&line));
	rc = buf_end(&line, err);
	buf_release(&line);
	return rc;
}

static void put_one(struct vault *vault, const struct stays *stays,
		    const struct device_last *all, struct buf *list)
{
	const struct device_last *kept =
		find_last(&stays->kept, all->cut.construct);
	uint64_t n = kept ? kept->cut.seq : 0;
	struct jcs_fields one = JCS_FIELDS_INIT;
	char name[CONSTRUCT_NAME_MAX];

	name_of_version(vault, &all->id, name);
	if (name[0])
		result_construct_id(&one, vault, name);
	else
		result_text(&one, "construct", span_of("", 0));
	if (kept)
		result_time(&one, "at", kept->time);
	result_id(&one, "version", kept ? &kept->id : NULL);
	fields_integer(&one, "versions", (int64_t)n);
	fields_integer(&one, "gone", (int64_t)(all->cut.seq > n ?
					       all->cut.seq - n : 0));
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&one, list, NULL));
	jcs_fields_release(&one);
}

void stays_put(struct jcs_fields *fields, struct vault *vault,
	       const struct stays *stays)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < stays->all.n; i++)
		if (is_first(&stays->all, i))
			put_one(vault, stays, &stays->all.at[i], &list);
	buf_put_char(&list, ']');
	fields_buf(fields, "stays", &list);
	buf_release(&list);
}
