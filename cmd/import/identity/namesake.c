#include "cmd/import/identity/namesake.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/others.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/base/text.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/lists/names.h"

#define NAMES_MAX 1000		/* nova, nova-2, ... that are looked at */
/* Two texts that are as long as that are not the same by chance. */
#define TELLING_BYTES 40
/* A visitor that has seen enough. */
#define ENOUGH 1

/* How near somebody is to what a construct has. */
enum kinship { KIN_NONE, KIN_VERSION, KIN_SAME };

/* Those of this run, which no construct has yet. */
struct import_namesakes {
	struct {
		struct namesake_homed {
			char construct[CONSTRUCT_NAME_MAX];
			const struct namesakes *kind;
			struct namesake who;
		} *at;
		size_t n;
		size_t cap;
	} homes;
	struct table known;	/* hash of one: its place there */
};

void namesakes_free(struct import_job *job)
{
	if (!job->namesakes)
		return;
	free(job->namesakes->homes.at);
	table_release(&job->namesakes->known);
	free(job->namesakes);
	job->namesakes = NULL;
}

static int find_run(struct import_job *job, struct err *err)
{
	const struct import_namesakes none = {
		.known = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};

	if (job->namesakes)
		return 0;
	job->namesakes = malloc(sizeof(*job->namesakes));
	if (!job->namesakes)
		return err_set(err, ERR_NOMEM, "out of memory");
	*job->namesakes = none;
	return 0;
}

/* --- How near two are --------------------------------------------------- */

static bool opens_alike(const struct namesake *a, const struct namesake *b)
{
	size_t i;
	size_t j;

	for (i = 0; i < a->openings_n; i++) {
		for (j = 0; j < b->openings_n; j++) {
			if (!memcmp(a->openings[i], b->openings[j],
				    NAMESAKE_OPENING_BYTES))
				return true;
		}
	}
	return false;
}

static void digest_of(const struct namesakes *kind,
		      const struct namesake *who,
		      unsigned char out[SHA256_BYTES])
{
	struct sha256 hash = { { 0 } };
	size_t i;

	sha256_init(&hash);
	sha256_add(&hash, kind->what, strlen(kind->what) + 1);
	for (i = 0; i < NAMESAKE_TRAITS; i++)
		sha256_add(&hash, who->traits[i].digest, SHA256_BYTES);
	sha256_finish(&hash, out);
}

static bool says_same(const struct namesake *a, const struct namesake *b,
		      enum namesake_trait trait)
{
	return a->traits[trait].len == b->traits[trait].len &&
	       (!a->traits[trait].len ||
		!memcmp(a->traits[trait].digest, b->traits[trait].digest,
			SHA256_BYTES));
}

/* Do both say it, and another thing? */
static bool differ(const struct namesake *a, const struct namesake *b,
		   enum namesake_trait trait)
{
	return a->traits[trait].len && b->traits[trait].len &&
	       !says_same(a, b, trait);
}

static bool begins_alike(const struct namesake *a, const struct namesake *b)
{
	return (a->traits[NAMESAKE_BEGIN].len >= TELLING_BYTES &&
		says_same(a, b, NAMESAKE_BEGIN)) ||
	       (a->traits[NAMESAKE_LOOKS].len >= TELLING_BYTES &&
		says_same(a, b, NAMESAKE_LOOKS));
}

/*
 * Equal words are the same one's unless two say that it is theirs. One maker's
 * words may change; nobody's may do so where enough of them stay.
 */
static enum kinship kinship(const struct namesakes *kind,
			    const struct namesake *a, const struct namesake *b)
{
	bool has_maker = a->traits[NAMESAKE_MAKER].len &&
			 says_same(a, b, NAMESAKE_MAKER);

	if (!says_same(a, b, NAMESAKE_NAME) || differ(a, b, NAMESAKE_MAKER))
		return KIN_NONE;
	if (says_same(a, b, NAMESAKE_BEGIN) && says_same(a, b, NAMESAKE_LOOKS))
		return KIN_SAME;
	if (kind->is_lenient)
		return differ(a, b, NAMESAKE_BEGIN) ||
		       differ(a, b, NAMESAKE_LOOKS) ? KIN_NONE : KIN_VERSION;
	return has_maker || begins_alike(a, b) ? KIN_VERSION : KIN_NONE;
}

/* --- What a construct of the name has ------------------------------------ */

struct look {
	const struct namesakes *kind;
	const struct namesake *who;
	bool is_there;		/* the construct */
	bool has_some;		/* of that kind */
	bool has_openings;
	bool opens_alike;
	bool has_signed;	/* those that are not count no more */
	enum kinship nearest;
	char moved[CONSTRUCT_NAME_MAX];	/* where the nearest one is now */
	char maker[NAMESAKE_SHOWN + 1];	/* of one of them */
};

static enum kinship weigh(struct look *look, const struct namesake *other)
{
	bool is_one = namesake_is_signed(other);

	if (look->kind->is_lenient && is_one && !look->has_signed) {
		look->has_signed = true;
		look->nearest = KIN_NONE;
	}
	if (look->kind->is_lenient && (is_one != look->has_signed ||
				       !namesake_is_vouched(other, look->who)))
		return KIN_NONE;
	return kinship(look->kind, other, look->who);
}

/* moved: the construct that it was split into, or "". */
static void look_at_one(struct look *look, const struct namesake *other,
			const char *moved)
{
	enum kinship kin = weigh(look, other);

	look->is_there = true;
	look->has_some |= !*moved;
	look->has_openings |= !*moved && other->openings_n;
	look->opens_alike |= !*moved && opens_alike(other, look->who);
	if (kin > look->nearest) {
		look->nearest = kin;
		memcpy(look->moved, moved, strlen(moved) + 1);
	}
	if (*other->maker && !*moved)
		memcpy(look->maker, other->maker, sizeof(look->maker));
}

static void find_moved(const struct view_entity *entity,
		       const struct fold_record *record,
		       char out[CONSTRUCT_NAME_MAX])
{
	char cid[CID_TEXT_MAX];
	struct span moved;
	struct span name;

	*out = '\0';
	cid_text(CID_JSON, record->id, cid);
	if (entity->state.at && jcs_find(entity->state, "moved", &moved) &&
	    jcs_find_string(moved, cid, &name) &&
	    construct_name_check(name, NULL) == 0)
		snprintf(out, CONSTRUCT_NAME_MAX, "%.*s", (int)name.len,
			 name.at);
}

static int look_at_records(void *arg, const struct view_entity *entity,
			   struct err *err)
{
	struct look *look = arg;
	char moved[CONSTRUCT_NAME_MAX];
	struct namesake other;
	size_t i;

	(void)err;
	for (i = 0; i < entity->records_n; i++) {
		memset(&other, 0, sizeof(other));
		if (!look->kind->read(entity->records[i].record.data, &other))
			continue;
		find_moved(entity, &entity->records[i], moved);
		look_at_one(look, &other, moved);
	}
	return 0;
}

static int look_at_entity(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct look *look = arg;
	struct namesake other;

	(void)err;
	memset(&other, 0, sizeof(other));
	if (!entity->state.at || !look->kind->read(entity->state, &other))
		return 0;
	look_at_one(look, &other, "");
	return look->kind->is_lenient ? 0 : ENOUGH;
}

static int look_in_view(struct view *view, const char *construct,
			struct look *look, struct err *err)
{
	char entity[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	const struct view_visitor records = { look_at_records, look };
	const struct view_visitor entities = { look_at_entity, look };
	int rc;

	if (look->kind->kind) {
		rc = view_each(view, kind_find(span_str(look->kind->kind)),
			       false, &entities, err);
		return rc < 0 ? rc : 0;
	}
	snprintf(entity, sizeof(entity), "construct:%s", construct);
	return view_one(view, span_str(entity), &records, err);
}

/* NULL where there is none of that name. */
static int open_named(struct import_job *job, const char *construct,
		      struct view **out, struct err *err)
{
	char ref_name[CONSTRUCT_NAME_MAX];
	struct err why = ERR_INIT;
	int rc;

	*out = NULL;
	rc = vault_ref_name(job->vault, construct, ref_name, err);
	if (rc < 0)
		return rc;
	rc = view_open_ref(job->vault, ref_name, out, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	return rc < 0 ? err_set(err, (enum err_code)rc, "%s", why.text) : 0;
}

static int look_in_vault(struct import_job *job, const char *construct,
			 struct look *look, struct err *err)
{
	struct view *view;
	int rc = open_named(job, construct, &view, err);

	if (rc < 0 || !view)
		return rc;
	look->is_there = true;
	rc = look_in_view(view, construct, look, err);
	view_free(view);
	return rc;
}

static void look_in_run(const struct import_namesakes *run,
			const char *construct, struct look *look)
{
	size_t i;

	for (i = 0; i < run->homes.n; i++) {
		if (strcmp(run->homes.at[i].construct, construct) != 0)
			continue;
		look->is_there = true;
		if (run->homes.at[i].kind == look->kind)
			look_at_one(look, &run->homes.at[i].who, "");
	}
}

/* "nova" and 2 are "nova-2"; a long name is cut for it. */
static void numbered(const char *base, unsigned n,
		     char out[CONSTRUCT_NAME_MAX])
{
	char end[16] = "";

	if (n > 1)
		snprintf(end, sizeof(end), "-%u", n);
	snprintf(out, CONSTRUCT_NAME_MAX, "%.*s%s",
		 (int)(CONSTRUCT_NAME_MAX - 1 - strlen(end)), base, end);
}

/* --- Names that are nobody's ---------------------------------------------- */

static bool is_reserved(const char *name)
{
	const struct importer *const *at;

	for (at = importer_table; *at; at++) {
		if ((*at)->construct && !strcmp((*at)->construct, name))
			return true;
	}
	return false;
}

static unsigned first_number(const char *base)
{
	return is_reserved(base) ? 2 : 1;
}

static int say_reserved(struct import_source *source, const char *base,
			const char *home, struct err *err)
{
	return import_note(source, err, "'%s' is kept for what comes from "
			   "there; this one is '%s'", base, home);
}

int namesake_spare(const struct import_job *job, struct import_source *source,
		   struct err *err)
{
	char base[CONSTRUCT_NAME_MAX];

	if (job->options.construct || !is_reserved(source->construct))
		return 0;
	memcpy(base, source->construct, sizeof(base));
	numbered(base, first_number(base), source->construct);
	return say_reserved(source, base, source->construct, err);
}

/* --- Which it is --------------------------------------------------------- */

struct search {
	char nearest[CONSTRUCT_NAME_MAX];
	char unused[CONSTRUCT_NAME_MAX];	/* the first */
	enum kinship kin;	/* of the nearest */
	bool is_open;		/* none has come to base yet */
	bool is_there;		/* base is */
	char joined[CONSTRUCT_NAME_MAX];	/* base, or what is called so */
	char maker[NAMESAKE_SHOWN + 1];	/* of what stands in base */
};

/* A name is somebody's as well where a construct is called so: name becomes its
 * id then. */
static int look_at_called(struct import_job *job, char name[CONSTRUCT_NAME_MAX],
			  struct look *look, struct err *err)
{
	const char *id = NULL;
	int rc = names_find_surely(job->vault, name, &id, err);

	if (rc < 0 || !id)
		return rc;
	memcpy(name, id, strlen(id) + 1);
	look_in_run(job->namesakes, name, look);
	return look_in_vault(job, name, look, err);
}

/* Until there is one that is the very same, or none of the name any more. */
static int search_names(struct import_job *job,
			const struct namesake_named *named,
			struct search *search, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	unsigned first = first_number(named->base);
	unsigned n;
	int rc = 0;

	for (n = first; rc == 0 && n <= NAMES_MAX && !search->unused[0] &&
	     search->kin != KIN_SAME; n++) {
		struct look look = { .kind = named->kind, .who = &named->who };

		numbered(named->base, n, name);
		look_in_run(job->namesakes, name, &look);
		rc = look_in_vault(job, name, &look, err);
		if (rc == 0 && !look.is_there)
			rc = look_at_called(job, name, &look, err);
		if (look.nearest > search->kin) {
			search->kin = look.nearest;
			memcpy(search->nearest, *look.moved ? look.moved :
			       name, sizeof(name));
		}
		if (!look.is_there)
			memcpy(search->unused, name, sizeof(name));
		if (n == first) {
			search->is_open = !look.has_some;
			search->is_there = look.is_there;
			memcpy(search->joined, name, sizeof(name));
			memcpy(search->maker, look.maker, sizeof(look.maker));
		}
	}
	if (rc == 0 && search->kin == KIN_NONE && !search->unused[0])
		rc = err_set(err, ERR_LIMIT, "there are %d of the name '%s': "
			     "--construct takes another", NAMES_MAX,
			     named->base);
	return rc;
}

/* "another Brass Owl by kara stands in 'brass-owl'" */
static int say_other(const struct namesake_named *named,
		     const struct search *search, struct buf *out,
		     struct err *err)
{
	buf_put_str(out, "another ");
	buf_fail(out, text_escape(out, text_cut(named->name, NAMESAKE_SHOWN),
				  0, NULL));
	if (*search->maker && named->kind->by) {
		buf_putf(out, " %s ", named->kind->by);
		buf_fail(out, text_escape(out, span_str(search->maker), 0,
					  NULL));
	}
	buf_putf(out, " stands in '%s'", search->joined);
	return buf_end(out, err);
}

/* Whoever is there may know that it is the same one after all. */
static int settle_clash(struct import_job *job, struct import_source *source,
			const struct namesake_named *named,
			struct search *search, struct err *err)
{
	struct buf other = BUF_INIT(BUF_NO_LIMIT);
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	bool is_same = false;
	int rc = say_other(named, search, &other, err);

	if (rc == 0 && !named->kind->is_certain && import_can_ask(job)) {
		buf_putf(&question, "%s\n  %s.\n  Is this one the same "
			 "%s? (else it becomes '%s')", source->input.path,
			 buf_text(&other), named->kind->what,
			 search->unused);
		rc = buf_end(&question, err);
		is_same = rc == 0 &&
			  host_confirm(job->host, buf_span(&question));
	}
	if (rc == 0 && is_same)
		memcpy(search->nearest, search->joined,
		       sizeof(search->joined));
	else if (rc == 0)
		rc = import_note(source, err, "%s; this one is '%s'",
				 buf_text(&other), search->unused);
	if (rc == 0 && !is_same)
		memcpy(search->nearest, search->unused,
		       sizeof(search->unused));
	buf_release(&question);
	buf_release(&other);
	return rc;
}

static int choose(struct import_job *job, struct import_source *source,
		  const struct namesake_named *named, struct search *search,
		  struct err *err)
{
	if (search->kin != KIN_NONE)
		return 0;
	if (!search->is_open)
		return settle_clash(job, source, named, search, err);
	memcpy(search->nearest, search->joined, sizeof(search->joined));
	return search->is_there && named->kind->noun ?
		import_note(source, err, "it joins '%s', which had no %s so "
			    "far", search->joined, named->kind->noun) : 0;
}

static int keep_home(struct import_namesakes *run, const char *construct,
		     const struct namesake_named *named,
		     const unsigned char digest[SHA256_BYTES],
		     struct err *err)
{
	struct namesake_homed *home;
	int rc = array_room(&run->homes, err);

	if (rc == 0)
		rc = table_put(&run->known, digest, run->homes.n, err);
	if (rc < 0)
		return rc;
	home = &run->homes.at[run->homes.n++];
	memcpy(home->construct, construct, strlen(construct) + 1);
	home->kind = named->kind;
	home->who = named->who;
	return 0;
}

int namesake_home(struct import_job *job, struct import_source *source,
		  const struct namesake_named *named,
		  char out[CONSTRUCT_NAME_MAX], struct err *err)
{
	struct search search = { .kin = KIN_NONE };
	unsigned char digest[SHA256_BYTES];
	uint64_t known;
	int rc;

	if (job->options.construct || !job->vault) {
		memmove(out, named->base, strlen(named->base) + 1);
		return 0;
	}
	digest_of(named->kind, &named->who, digest);
	rc = find_run(job, err);
	if (rc < 0)
		return rc;
	if (table_get(&job->namesakes->known, digest, &known)) {
		memcpy(out, job->namesakes->homes.at[known].construct,
		       CONSTRUCT_NAME_MAX);
		return 0;
	}
	rc = search_names(job, named, &search, err);
	if (rc == 0)
		rc = choose(job, source, named, &search, err);
	if (rc == 0 && is_reserved(named->base))
		rc = say_reserved(source, named->base, search.nearest, err);
	if (rc == 0)
		rc = keep_home(job->namesakes, search.nearest, named, digest,
			       err);
	if (rc == 0)
		memcpy(out, search.nearest, sizeof(search.nearest));
	return rc;
}

int namesake_in_vault(struct import_job *job,
		      const struct namesake_named *named, bool *out_has_some,
		      bool *out_is_kin, struct err *err)
{
	struct look look = { .kind = named->kind, .who = &named->who };
	int rc = look_in_vault(job, named->base, &look, err);

	*out_has_some = look.has_some;
	*out_is_kin = look.nearest != KIN_NONE && !*look.moved;
	return rc;
}

int namesake_keep(struct import_job *job, const struct namesake_named *named,
		  const char *construct, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc = find_run(job, err);

	digest_of(named->kind, &named->who, digest);
	if (rc < 0 || table_get(&job->namesakes->known, digest, NULL))
		return rc;
	return keep_home(job->namesakes, construct, named, digest, err);
}

static int see(struct import_job *job, const struct namesake_named *named,
	       const struct namesake_visitor *visitor, const char *name,
	       bool *out_is_there, struct err *err)
{
	struct look look = { .kind = named->kind, .who = &named->who };
	struct namesake_seen seen = { .construct = name };
	int rc;

	look_in_run(job->namesakes, name, &look);
	rc = open_named(job, name, &seen.view, err);
	if (rc == 0 && seen.view)
		rc = look_in_view(seen.view, name, &look, err);
	*out_is_there = look.is_there || seen.view;
	seen.has_some = look.has_some;
	seen.is_kin = look.nearest != KIN_NONE && !*look.moved;
	seen.has_openings = look.has_openings;
	seen.opens_alike = look.opens_alike;
	if (rc == 0 && *out_is_there)
		rc = visitor->seen(visitor->arg, &seen, err);
	view_free(seen.view);
	return rc;
}

int namesakes_each(struct import_job *job, const struct namesake_named *named,
		   const struct namesake_visitor *visitor, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	bool is_there = true;
	unsigned n;
	int rc = find_run(job, err);

	n = first_number(named->base);
	for (; rc == 0 && is_there && n <= NAMES_MAX; n++) {
		numbered(named->base, n, name);
		rc = see(job, named, visitor, name, &is_there, err);
	}
	return rc;
}
