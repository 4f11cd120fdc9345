#include "refs/view/view_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/time/dates.h"
#include "lib/time/timestamp.h"
#include "refs/history/history.h"
#include "refs/history/repo.h"
#include "refs/history/version.h"
#include "refs/trust/scope.h"
#include "refs/view/names.h"

#define ID_PREFIX_MIN 7

/* An expression taken apart; spans borrow from it. */
struct expression {
	struct span construct;
	struct span device;		/* at NULL: none */
	struct span date;		/* at NULL: none */
	struct span steps;		/* "~2^": back from there; at NULL: none */
};

static int bad(struct span text, const char *why, struct err *err)
{
	struct buf safe = BUF_INIT(4096);
	int rc = text_escape(&safe, text, 0, err);

	if (rc == 0)
		rc = err_set(err, ERR_INVALID, "'%s' names no version: %s",
			     buf_text(&safe), why);
	buf_release(&safe);
	return rc;
}

/* One of the steps: so many first parents back, or to the parent that is named
 * by its place among them. */
struct step {
	char mark;		/* '~' or '^' */
	size_t n;
};

#define STEP_DIGITS_MAX 9
#define STEP_TOO_LARGE "the number behind '~' or '^' is too large"

/* Take the first one off the steps. */
static int step_next(struct span whole, struct span *steps, struct step *out,
		     struct err *err)
{
	size_t len = 1;

	out->mark = steps->at[0];
	out->n = 0;
	if (out->mark != '~' && out->mark != '^')
		return bad(whole, "a number must follow '~' or '^'", err);
	for (; len < steps->len && steps->at[len] >= '0' &&
	     steps->at[len] <= '9'; len++) {
		if (len > STEP_DIGITS_MAX)
			return bad(whole, STEP_TOO_LARGE, err);
		out->n = out->n * 10 + (size_t)(steps->at[len] - '0');
	}
	if (len == 1)
		out->n = 1;
	*steps = span_of(steps->at + len, steps->len - len);
	return 0;
}

static int check_steps(struct span whole, struct span steps, struct err *err)
{
	struct step step;
	int rc = 0;

	while (rc == 0 && steps.len)
		rc = step_next(whole, &steps, &step, err);
	return rc;
}

static const char *find_steps(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '~' || text.at[i] == '^')
			return text.at + i;
	}
	return NULL;
}

/* What is left of a text before a mark in it. */
static struct span cut_at(struct span text, const char *mark)
{
	return span_of(text.at, (size_t)(mark - text.at));
}

static int parse_date(struct span whole, const char *mark,
		      struct expression *out, struct err *err)
{
	size_t left = whole.len - (size_t)(mark - whole.at);
	const char *end = memchr(mark, '}', left);
	size_t len = end ? (size_t)(end - mark) + 1 : 0;

	if (len < 4 || mark[1] != '{' ||
	    (len < left && mark[len] != '~' && mark[len] != '^'))
		return bad(whole, "a date is written '@{2026-01-31}' or '@{yesterday}'",
			   err);
	if (find_steps(cut_at(whole, mark)))
		return bad(whole, "'~' and '^' stand behind a date", err);
	out->date = span_of(mark + 2, len - 3);
	if (len < left)
		out->steps = span_of(mark + len, left - len);
	return 0;
}

static int resolve_parse(struct span text, struct expression *out,
			 struct err *err)
{
	struct span rest = text;
	const char *mark = memchr(text.at, '@', text.len);
	int rc = 0;

	memset(out, 0, sizeof(*out));
	if (mark) {
		rc = parse_date(text, mark, out, err);
		rest = cut_at(text, mark);
	} else if ((mark = find_steps(text))) {
		rest = cut_at(text, mark);
		out->steps = span_of(mark, text.len - rest.len);
	}
	if (rc == 0 && out->steps.at)
		rc = check_steps(text, out->steps, err);
	if (rc < 0)
		return rc;
	mark = memchr(rest.at, '/', rest.len);
	if (mark) {
		out->device = span_of(mark + 1, rest.len - 1 -
				      (size_t)(mark - rest.at));
		rest = cut_at(rest, mark);
	}
	out->construct = rest;
	return rest.len ? 0 : bad(text, "it is empty", err);
}

/* What names a version where there is one line of them alone. */
static bool is_of_git(struct span name)
{
	return span_equals(name, span_str("HEAD")) ||
	       span_equals(name, span_str("main")) ||
	       span_equals(name, span_str("master"));
}

/* What there is, for whoever asked for something else. */
static int not_found(struct vault *vault, struct span construct,
		     struct err *err)
{
	struct buf names = BUF_INIT(600);
	struct buf safe = BUF_INIT(256);
	char near[CONSTRUCT_NAME_MAX];
	int rc;

	/* All constructs are opened for a sentence that somebody reads. */
	if (!err)
		return ERR_NOT_FOUND;
	rc = text_escape(&safe, text_cut(construct, 60), 0, err);
	if (rc == 0 && names_near(vault, construct, near))
		rc = err_set(err, ERR_NOT_FOUND, "no construct or version "
			     "'%s'; is '%s' meant?", buf_text(&safe), near);
	else if (rc == 0)
		names_put(vault, &names);
	if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND,
			     "no construct or version '%s'%s; there is: %s",
			     buf_text(&safe), is_of_git(construct) ?
			     ": a version is named by its construct, as in "
			     "nova, and nova~1 for the one before" : "",
			     buf_text(&names));
	buf_release(&names);
	buf_release(&safe);
	return rc < 0 ? rc : ERR_NOT_FOUND;
}

/* Is that the name of the device's member, as far as it can be read here? */
static bool is_named_so(const struct vault *vault, const char *device,
			struct span name)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char key[DID_KEY_BYTES];
	const struct member *member = NULL;
	bool is;

	if (did_parse_short(span_str(device), key, NULL) == 0)
		member = vault_state_member(&vault->state, key);
	is = member && name.len && member_name(&vault->state, member, vault->keys,
				   vault->keys_n, &text, NULL) == 0 &&
	     span_equals(buf_span(&text), name);
	buf_release(&text);
	return is;
}

/* The one head whose device has that name, or begins with the text. */
static int pick_device(const struct vault *vault, struct span device,
		       const struct head_list *heads, git_oid *out,
		       struct err *err)
{
	size_t found = heads->n;
	bool is_name = false;
	size_t i;

	for (i = 0; !is_name && i < heads->n; i++)
		is_name = is_named_so(vault, heads->at[i].device, device);
	for (i = 0; i < heads->n; i++) {
		const char *id = heads->at[i].device;

		if (is_name ? !is_named_so(vault, id, device) :
		    (!device.len || device.len >= DID_SHORT_MAX ||
		     memcmp(id, device.at, device.len)))
			continue;
		if (found < heads->n)
			return bad(device, "several devices begin so", err);
		found = i;
	}
	if (found == heads->n)
		return bad(device, "no device of this construct has "
			   "that name or begins so", err);
	*out = heads->at[found].id;
	return 0;
}

/* To the version that brought what this one holds. */
static int skip_quiet(struct vault *vault, struct version *version,
		      struct err *err)
{
	bool is_quiet = true;
	git_oid parent;
	int rc = 0;

	while (rc == 0 && is_quiet) {
		rc = history_is_quiet(vault->store, version, &is_quiet, err);
		if (rc < 0 || !is_quiet)
			break;
		parent = version->parents[0];
		rc = version_read(vault->store, &parent, version, err);
	}
	return rc;
}

/* To a parent, the first being the one of number 1. */
static int step_to(struct vault *vault, struct span whole, size_t parent,
		   bool is_named, git_oid *id, struct err *err)
{
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(vault->store, id, &version, err);
	if (rc == 0 && !is_named)
		rc = skip_quiet(vault, &version, err);
	if (rc == 0 && !version.parents_n)
		rc = bad(whole, "history does not go back so far", err);
	else if (rc == 0 && parent > version.parents_n)
		rc = bad(whole, "it has not so many parents", err);
	if (rc == 0)
		*id = version.parents[parent - 1];
	version_release(&version);
	return rc;
}

/*
 * First parents, versions that change no record being stepped over. Whoever
 * names such a version by its id means it, though, and has its parent.
 */
static int step_back(struct vault *vault, struct span whole, struct span steps,
		     git_oid *id, bool is_named, struct err *err)
{
	struct step step;
	size_t i;
	int rc = 0;

	while (rc == 0 && steps.len) {
		rc = step_next(whole, &steps, &step, err);
		if (rc == 0 && step.mark == '^' && step.n) {
			rc = step_to(vault, whole, step.n, is_named, id, err);
			is_named = false;
		}
		for (i = 0; rc == 0 && step.mark == '~' && i < step.n; i++) {
			rc = step_to(vault, whole, 1, is_named, id, err);
			is_named = false;
		}
	}
	return rc;
}

/* The first second that no longer counts. */
static int date_end(const struct vault *vault, struct span date, int64_t *out,
		    struct err *err)
{
	struct period period;
	int rc = dates_read_shared(date, &vault->wall, &period, err);

	if (rc == 0)
		*out = period.end / TIMESTAMP_SECOND + 1;
	return rc;
}

/* What stood by then: of each device its newest, of a forked one each line's,
 * without those that others of them hold. */
static int heads_before(struct vault *vault, struct span whole,
			struct span date, git_oid **heads, size_t *n,
			struct err *err)
{
	int64_t end;
	int rc = date_end(vault, date, &end, err);

	if (rc == 0)
		rc = history_before(vault->store, heads, n, end, err);
	if (rc == 0 && !*n)
		rc = bad(whole, "nothing is that old", err);
	return rc;
}

/* The newest that the one device had signed by then. */
static int own_before(struct vault *vault, struct span whole,
		      struct span date, git_oid *head, struct err *err)
{
	struct version version;
	int64_t end;
	bool is_found;
	int rc = date_end(vault, date, &end, err);

	version_init(&version);
	if (rc == 0)
		rc = version_read(vault->store, head, &version, err);
	if (rc == 0)
		rc = history_own_before(vault->store, head, version.device,
					end, &is_found, err);
	if (rc == 0 && !is_found)
		rc = bad(whole, "nothing is that old", err);
	version_release(&version);
	return rc;
}

/* Where ~n starts when several heads stand: at this device's own one. */
static int pick_start(struct vault *vault, struct span whole, git_oid *heads,
		      size_t *n, struct err *err)
{
	struct version version;
	size_t i;
	int rc = 0;

	version_init(&version);
	for (i = 0; rc == 0 && *n > 1 && i < *n; i++) {
		rc = version_read(vault->store, &heads[i], &version, err);
		if (rc < 0 || memcmp(version.device, vault->device.public,
				     DID_KEY_BYTES))
			continue;
		heads[0] = heads[i];
		*n = 1;
	}
	version_release(&version);
	if (rc == 0 && *n > 1)
		return bad(whole, "several heads stand; name one as "
			   "'<construct>/<device>'", err);
	return rc;
}

static int open_construct(struct vault *vault, struct span whole,
			  const struct expression *parts,
			  const char *ref_name, struct view **out,
			  struct err *err)
{
	struct head_list refs = HEAD_LIST_INIT;
	git_oid *heads = NULL;
	size_t n = 0;
	int rc = scope_tells(vault, ref_name) ?
		 view_heads(vault, ref_name, &refs, &heads, &n, err) : 0;

	if (rc < 0)
		goto out;
	if (!refs.n) {
		rc = ERR_NOT_FOUND;
		goto out;
	}
	if (!n && (parts->steps.at || parts->date.at))
		rc = bad(whole, "no version of it counts any more", err);
	if (parts->device.at) {
		rc = pick_device(vault, parts->device, &refs, &heads[0],
				 err);
		n = 1;
	}
	if (rc == 0 && parts->date.at && parts->device.at)
		rc = own_before(vault, whole, parts->date, &heads[0], err);
	else if (rc == 0 && parts->date.at)
		rc = heads_before(vault, whole, parts->date, &heads, &n, err);
	if (rc == 0 && parts->steps.at)
		rc = pick_start(vault, whole, heads, &n, err);
	if (rc == 0 && parts->steps.at)
		rc = step_back(vault, whole, parts->steps, &heads[0], false,
			       err);
	if (rc == 0)
		rc = view_open_versions(vault, ref_name, heads, n, out, err);
	if (rc == 0)
		(*out)->is_newest = !parts->device.at && !parts->steps.at &&
				    !parts->date.at;
out:
	head_list_release(&refs);
	free(heads);
	return rc;
}

static bool is_id(struct span text)
{
	size_t i;

	if (text.len < ID_PREFIX_MIN || text.len > GIT_OID_HEXSZ)
		return false;
	for (i = 0; i < text.len; i++) {
		if (!strchr("0123456789abcdef", text.at[i]))
			return false;
	}
	return true;
}

/* Only what a head reaches was verified; the rest is nobody's version. */
static int is_reachable(struct vault *vault, const struct version *version,
			bool *out, struct err *err)
{
	struct head_list refs = HEAD_LIST_INIT;
	git_oid *heads = NULL;
	size_t n = 0;
	size_t i;
	int rc;

	*out = false;
	if (!scope_tells(vault, version->construct))
		return 0;
	rc = view_heads(vault, version->construct, &refs, &heads, &n, err);
	for (i = 0; rc == 0 && !*out && i < n; i++)
		rc = history_is_ancestor(vault->store, &version->id, &heads[i],
					 out, err);
	head_list_release(&refs);
	free(heads);
	return rc;
}

static int open_id(struct vault *vault, struct span whole,
		   const struct expression *parts, struct view **out,
		   struct err *err)
{
	struct version version;
	git_oid id;
	bool is_ours = false;
	int rc;

	version_init(&version);
	rc = repo_find_commit(vault->store, parts->construct, &id);
	if (rc == ERR_EXISTS)
		rc = bad(whole, "several objects begin so", err);
	if (rc < 0)
		goto out;
	rc = version_read(vault->store, &id, &version, err);
	if (rc < 0)
		goto out;
	rc = is_reachable(vault, &version, &is_ours, err);
	if (rc == 0 && !is_ours)
		rc = ERR_NOT_FOUND;
	if (rc == 0)
		rc = step_back(vault, whole, parts->steps, &id, true, err);
	if (rc == 0)
		rc = view_open_versions(vault, version.construct, &id, 1, out,
				     err);
out:
	version_release(&version);
	return rc;
}

/* The ref name of a construct by its own name, or as it stands in refs for
 * a device that cannot read names. */
static bool find_ref_name(struct vault *vault, struct span construct,
			  char out[CONSTRUCT_NAME_MAX])
{
	struct err quiet = ERR_INIT;
	char name[CONSTRUCT_NAME_MAX];

	if (construct_name_check(construct, &quiet) < 0)
		return false;
	memcpy(name, construct.at, construct.len);
	name[construct.len] = '\0';
	if (vault_ref_name(vault, name, out, &quiet) < 0)
		memcpy(out, name, sizeof(name));
	return true;
}

/* By what it is called, where that is no construct's id. */
static int open_called(struct vault *vault, struct span whole,
		       const struct expression *parts, struct view **out,
		       struct err *err)
{
	struct expression own = *parts;
	char ref_name[CONSTRUCT_NAME_MAX];
	const char *id = NULL;
	int rc;

	if (!vault->find_called ||
	    !find_ref_name(vault, parts->construct, ref_name))
		return ERR_NOT_FOUND;
	snprintf(ref_name, sizeof(ref_name), "%.*s",
		 (int)parts->construct.len, parts->construct.at);
	rc = vault->find_called(vault, ref_name, &id, err);
	if (rc < 0)
		return rc;
	if (!id)
		return ERR_NOT_FOUND;
	own.construct = span_str(id);
	return find_ref_name(vault, own.construct, ref_name) ?
		open_construct(vault, whole, &own, ref_name, out, err) :
		ERR_NOT_FOUND;
}

int view_open(struct vault *vault, const char *expression, struct view **out,
	      struct err *err)
{
	struct span whole = span_str(expression);
	struct expression parts;
	char ref_name[CONSTRUCT_NAME_MAX];
	int rc = resolve_parse(whole, &parts, err);

	if (rc < 0)
		return rc;
	rc = ERR_NOT_FOUND;
	if (find_ref_name(vault, parts.construct, ref_name))
		rc = open_construct(vault, whole, &parts, ref_name, out, err);
	if (rc != ERR_NOT_FOUND || (err && err->code))
		return rc;
	if (is_id(parts.construct) && !parts.device.at && !parts.date.at)
		rc = open_id(vault, whole, &parts, out, err);
	if (rc != ERR_NOT_FOUND || (err && err->code))
		return rc;
	rc = open_called(vault, whole, &parts, out, err);
	if (rc != ERR_NOT_FOUND || (err && err->code))
		return rc;
	return not_found(vault, parts.construct, err);
}
