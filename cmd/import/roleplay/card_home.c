#include "cmd/import/roleplay/card_home.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/others.h"
#include "cmd/import/roleplay/card_internal.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/id/cid.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/lists/names.h"

#define NAMES_MAX 1000		/* nova, nova-2, ... that are looked at */
#define CREATOR_SHOWN 60	/* bytes */
/* Two texts that are as long as that are not the same by chance. */
#define TELLING_BYTES 40

enum trait { TRAIT_NAME, TRAIT_CREATOR, TRAIT_GREETING, TRAIT_LOOKS, TRAITS };

static const char *const trait_names[TRAITS] = {
	"name", "creator", "first_mes", "description"
};

/* What a character is known by; len 0: it is not said. */
struct identity {
	struct {
		size_t len;
		unsigned char digest[SHA256_BYTES];
	} traits[TRAITS];
	char creator[CREATOR_SHOWN + 1];	/* its begin, to be shown */
};

/* How near a card is to what a construct has. */
enum kinship { KIN_NONE, KIN_VERSION, KIN_SAME };

/* Cards of this run, which no construct has yet. */
struct card_homes {
	struct {
		struct card_homed {
			char construct[CONSTRUCT_NAME_MAX];
			struct identity identity;
		} *at;
		size_t n;
		size_t cap;
	} cards;
};

void card_homes_free(struct card_homes *homes)
{
	if (homes)
		free(homes->cards.at);
	free(homes);
}

/* Names are spelt as their writers like: letters count, not their size. */
static void digest_name(struct span text, unsigned char out[SHA256_BYTES])
{
	struct sha256 hash = { { 0 } };
	size_t i;

	sha256_init(&hash);
	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		sha256_add(&hash, &c, 1);
	}
	sha256_finish(&hash, out);
}

static void set_trait(struct identity *identity, enum trait trait,
		      struct span text)
{
	unsigned char *digest = identity->traits[trait].digest;

	while (text.len && strchr(" \t\r\n", text.at[0]))
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && strchr(" \t\r\n", text.at[text.len - 1]))
		text.len--;
	identity->traits[trait].len = text.len;
	if (text.len && trait == TRAIT_NAME)
		digest_name(text, digest);
	else if (text.len)
		sha256_of(text.at, text.len, digest);
	if (trait != TRAIT_CREATOR)
		return;
	text = text_cut(text, CREATOR_SHOWN);
	snprintf(identity->creator, sizeof(identity->creator), "%.*s",
		 (int)text.len, text.len ? text.at : "");
}

static void identity_of_card(const struct card *card, struct identity *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < TRAITS; i++)
		set_trait(out, (enum trait)i,
			  jval_get_text(card->data, trait_names[i]));
	set_trait(out, TRAIT_NAME, card->name);
}

/* Of the record that a card once became; false: it is none. */
static bool identity_of_record(struct span data, struct identity *out)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span persona;
	struct span value;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!jcs_find(data, "card", &value) ||
	    !jcs_find(data, "persona", &persona))
		return false;
	for (i = 0; i < TRAITS; i++) {
		buf_reset(&text);
		if (!jcs_find(persona, trait_names[i], &value) ||
		    jcs_type_of(value) != JCS_STRING ||
		    jcs_string_decode(value, &text, NULL) < 0)
			continue;
		set_trait(out, (enum trait)i, buf_span(&text));
	}
	buf_release(&text);
	return true;
}

static bool says_same(const struct identity *a, const struct identity *b,
		      enum trait trait)
{
	return a->traits[trait].len == b->traits[trait].len &&
	       (!a->traits[trait].len ||
		!memcmp(a->traits[trait].digest, b->traits[trait].digest,
			SHA256_BYTES));
}

static bool begins_alike(const struct identity *a, const struct identity *b)
{
	return (a->traits[TRAIT_GREETING].len >= TELLING_BYTES &&
		says_same(a, b, TRAIT_GREETING)) ||
	       (a->traits[TRAIT_LOOKS].len >= TELLING_BYTES &&
		says_same(a, b, TRAIT_LOOKS));
}

/*
 * Equal words are the same character's unless two say that it is theirs. One
 * creator's words may change; nobody's may do so where enough of them stay.
 */
static enum kinship kinship(const struct identity *a, const struct identity *b)
{
	bool is_equal = says_same(a, b, TRAIT_GREETING) &&
			says_same(a, b, TRAIT_LOOKS);
	bool have_both = a->traits[TRAIT_CREATOR].len &&
			 b->traits[TRAIT_CREATOR].len;

	if (!says_same(a, b, TRAIT_NAME) ||
	    (have_both && !says_same(a, b, TRAIT_CREATOR)))
		return KIN_NONE;
	if (is_equal)
		return KIN_SAME;
	return have_both || begins_alike(a, b) ? KIN_VERSION : KIN_NONE;
}

/* One construct of the name, as the search looks at it. */
struct look {
	const struct identity *card;
	bool is_there;		/* the construct */
	bool has_card;
	enum kinship nearest;
	char moved[CONSTRUCT_NAME_MAX];	/* where the nearest one is now */
	char creator[CREATOR_SHOWN + 1];	/* of a card of it */
};

/* moved: the construct that it was split into, or "". */
static void look_at_card(struct look *look, const struct identity *identity,
			 const char *moved)
{
	enum kinship kin = kinship(identity, look->card);

	look->is_there = true;
	look->has_card |= !*moved;
	if (kin > look->nearest) {
		look->nearest = kin;
		memcpy(look->moved, moved, strlen(moved) + 1);
	}
	if (*identity->creator && !*moved)
		memcpy(look->creator, identity->creator,
		       sizeof(look->creator));
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

static int look_at_record(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct look *look = arg;
	char moved[CONSTRUCT_NAME_MAX];
	struct identity identity;
	size_t i;

	(void)err;
	for (i = 0; i < entity->records_n; i++) {
		if (!identity_of_record(entity->records[i].record.data,
					&identity))
			continue;
		find_moved(entity, &entity->records[i], moved);
		look_at_card(look, &identity, moved);
	}
	return 0;
}

static int look_in_vault(struct import_job *job, const char *construct,
			 struct look *look, struct err *err)
{
	char entity[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	const struct view_visitor visitor = { look_at_record, look };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct err why = ERR_INIT;
	struct view *view = NULL;
	int rc;

	rc = vault_ref_name(job->vault, construct, ref_name, err);
	if (rc < 0)
		return rc;
	rc = view_open_ref(job->vault, ref_name, &view, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	look->is_there = true;
	snprintf(entity, sizeof(entity), "construct:%s", construct);
	if (rc == 0)
		rc = view_one(view, span_str(entity), &visitor, &why);
	view_free(view);
	return rc < 0 ? err_set(err, (enum err_code)rc, "%s", why.text) : 0;
}

static void look_in_run(const struct card_homes *homes, const char *construct,
			struct look *look)
{
	size_t i;

	for (i = 0; i < homes->cards.n; i++) {
		if (!strcmp(homes->cards.at[i].construct, construct))
			look_at_card(look, &homes->cards.at[i].identity, "");
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

struct search {
	char base[CONSTRUCT_NAME_MAX];
	char nearest[CONSTRUCT_NAME_MAX];
	char unused[CONSTRUCT_NAME_MAX];	/* the first */
	enum kinship kin;	/* of the nearest */
	bool is_open;		/* no card has come to base yet */
	bool is_there;		/* base, which others have filled */
	char joined[CONSTRUCT_NAME_MAX];	/* its id */
	char creator[CREATOR_SHOWN + 1];	/* of what stands in base */
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
	look_in_run(job->card_homes, name, look);
	return look_in_vault(job, name, look, err);
}

/* Until there is one that is the very same, or none of the name any more. */
static int search_names(struct import_job *job, const struct identity *card,
			struct search *search, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	unsigned n;
	int rc = 0;

	for (n = 1; rc == 0 && n <= NAMES_MAX && !search->unused[0] &&
	     search->kin != KIN_SAME; n++) {
		struct look look = { .card = card };

		numbered(search->base, n, name);
		look_in_run(job->card_homes, name, &look);
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
		if (n == 1) {
			search->is_open = !look.has_card;
			search->is_there = look.is_there;
			memcpy(search->joined, name, sizeof(name));
			memcpy(search->creator, look.creator,
			       sizeof(look.creator));
		}
	}
	if (rc == 0 && search->kin == KIN_NONE && !search->unused[0])
		rc = err_set(err, ERR_LIMIT, "there are %d characters of the "
			     "name '%s': --construct takes another",
			     NAMES_MAX, search->base);
	return rc;
}

/* "another Brass Owl by kara stands in 'brass-owl'" */
static int say_other(const struct search *search, const struct card *card,
		     struct buf *out, struct err *err)
{
	buf_put_str(out, "another ");
	buf_fail(out, text_escape(out, text_cut(card->name, CREATOR_SHOWN), 0,
				  NULL));
	if (*search->creator) {
		buf_put_str(out, " by ");
		buf_fail(out, text_escape(out, span_str(search->creator), 0,
					  NULL));
	}
	buf_putf(out, " stands in '%s'", search->base);
	return buf_end(out, err);
}

/* Whoever is there may know that it is the same character after all. */
static int settle_clash(struct import_job *job, struct import_source *source,
			const struct card *card, struct search *search,
			struct err *err)
{
	struct buf other = BUF_INIT(BUF_NO_LIMIT);
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	bool is_same = false;
	int rc = say_other(search, card, &other, err);

	if (rc == 0 && import_can_ask(job)) {
		buf_putf(&question, "%s\n  %s.\n  Is this one the same "
			 "character? (else it becomes '%s')",
			 source->input.path, buf_text(&other), search->unused);
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
		  const struct card *card, struct search *search,
		  struct err *err)
{
	if (search->kin != KIN_NONE)
		return 0;
	if (!search->is_open)
		return settle_clash(job, source, card, search, err);
	memcpy(search->nearest, search->joined, sizeof(search->joined));
	return search->is_there ?
		import_note(source, err, "it joins '%s', which had no card "
			    "so far", search->base) : 0;
}

static int keep_home(struct import_job *job, const char *construct,
		     const struct identity *identity, struct err *err)
{
	struct card_homes *homes = job->card_homes;
	struct card_homed *card;
	int rc = array_room(&homes->cards, err);

	if (rc < 0)
		return rc;
	card = &homes->cards.at[homes->cards.n++];
	memcpy(card->construct, construct, strlen(construct) + 1);
	card->identity = *identity;
	return 0;
}

int card_home(struct import_job *job, struct import_source *source,
	      const struct card *card, struct err *err)
{
	struct search search = { .kin = KIN_NONE };
	struct identity identity;
	int rc = import_name(job, source, card->name, err);

	if (rc || job->options.construct || card->kind == CARD_BOOK ||
	    !job->vault)
		return rc;
	if (!job->card_homes)
		job->card_homes = calloc(1, sizeof(*job->card_homes));
	if (!job->card_homes)
		return err_set(err, ERR_NOMEM, "out of memory");
	identity_of_card(card, &identity);
	memcpy(search.base, source->construct, sizeof(search.base));
	rc = search_names(job, &identity, &search, err);
	if (rc == 0)
		rc = choose(job, source, card, &search, err);
	if (rc == 0)
		rc = keep_home(job, search.nearest, &identity, err);
	if (rc == 0)
		memcpy(source->construct, search.nearest,
		       sizeof(search.nearest));
	return rc;
}
