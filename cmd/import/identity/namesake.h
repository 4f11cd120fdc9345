/*
 * Which construct it is that a source speaks of. Names are shared by many, and
 * become the same name of a construct where they were not the same, so whoever
 * is named is known by more: who made it, how it begins, an id. Two things of
 * one name never become one construct in silence; the same one grown or edited
 * stays one, on whichever device.
 */
#ifndef VV_CMD_IMPORT_IDENTITY_NAMESAKE_H
#define VV_CMD_IMPORT_IDENTITY_NAMESAKE_H

#include "cmd/import/import.h"
#include "lib/id/hash.h"
#include "refs/view/view.h"

enum namesake_trait {
	NAMESAKE_NAME,		/* letters count, not their size */
	NAMESAKE_MAKER,		/* its creator, or an id: two that say another
				   one are two */
	NAMESAKE_BEGIN,		/* what it says first, or is told */
	NAMESAKE_LOOKS,
	NAMESAKE_TRAITS
};

#define NAMESAKE_SHOWN 60	/* bytes */
#define NAMESAKE_OPENINGS 16
#define NAMESAKE_OPENING_BYTES 16

/* What somebody is known by; len 0: it is not said. */
struct namesake {
	struct {
		size_t len;
		unsigned char digest[SHA256_BYTES];
	} traits[NAMESAKE_TRAITS];
	char maker[NAMESAKE_SHOWN + 1];		/* its begin, to be shown */
	/* Hashes of what a conversation with it may begin with. */
	unsigned char openings[NAMESAKE_OPENINGS][NAMESAKE_OPENING_BYTES];
	size_t openings_n;
};

void namesake_set(struct namesake *who, enum namesake_trait trait,
		  struct span text);
/* The same with a member of a canonical object that is a text. */
void namesake_set_from(struct namesake *who, enum namesake_trait trait,
		       struct span object, const char *member);

/*
 * What a conversation with it may begin with; one too many is forgotten. The
 * names (n of them) and what stands for names (such as {{user}}) do not count,
 * nor does white space, so that it is the same whoever it was said to.
 */
void namesake_add_opening(struct namesake *who, struct span text,
			  const struct span *names, size_t n);

/* Does it say more than a name? */
bool namesake_is_signed(const struct namesake *who);

/* Does the other one show what the known one is known by? To leave a signature
 * out is no way past it. */
bool namesake_is_vouched(const struct namesake *known,
			 const struct namesake *who);

/* Those that one format names. */
struct namesakes {
	const char *what;	/* "character" */
	const char *noun;	/* "card": a construct that had none so far is
				   joined, and that is told; NULL: it is not */
	bool is_certain;	/* its maker is an id: nobody needs be asked */
	const char *by;		/* "by", and its maker is told; NULL: it is not */
	bool is_lenient;	/* one of the name is the same unless both say
				   another maker, begin or look, or those that
				   are there do and it says none of theirs */
	/* Where the vault tells of them: in each record of the construct
	 * itself (NULL), or in the first entity of a kind that does. */
	const char *kind;
	bool (*read)(struct span data, struct namesake *out);
};

void namesakes_free(struct import_job *job);

/* Somebody whom a source names. */
struct namesake_named {
	const struct namesakes *kind;
	struct namesake who;
	struct span name;	/* as it stands there, to be told */
	const char *base;	/* the construct's name that it becomes */
};

/*
 * Whose construct it is, into out, which may be base. Of `nova`, `nova-2`, ...
 * the one that has had this one, or an earlier or later version of it, in the
 * vault or in this run; else the first that nobody has, with a note where
 * `nova` is another one's and nobody could be asked. The name of a provider
 * (importer.construct) is nobody's: `codex-2` is the first. With --construct:
 * base.
 */
MUST_USE int namesake_home(struct import_job *job,
			   struct import_source *source,
			   const struct namesake_named *named,
			   char out[CONSTRUCT_NAME_MAX], struct err *err);

/* Of one that is known by its name alone: where source->construct is the name
 * of a provider, it becomes the first that is not, with a note. */
MUST_USE int namesake_spare(const struct import_job *job,
			    struct import_source *source, struct err *err);

/* What the vault's construct of the base has of that kind, and whether one of
 * them is this one. */
MUST_USE int namesake_in_vault(struct import_job *job,
			       const struct namesake_named *named,
			       bool *out_has_some, bool *out_is_kin,
			       struct err *err);

/* Somebody whose construct was found in another way, to be found by those
 * that follow in this run. */
MUST_USE int namesake_keep(struct import_job *job,
			   const struct namesake_named *named,
			   const char *construct, struct err *err);

/* What is known of one construct of the name. */
struct namesake_seen {
	const char *construct;
	struct view *view;	/* NULL: it is of this run alone */
	bool has_some;		/* of that kind */
	bool is_kin;		/* and one of them is this one */
	bool has_openings;	/* of one of them */
	bool opens_alike;
};

/* Visit `nova`, `nova-2`, ... as far as they are there. */
struct namesake_visitor {
	int (*seen)(void *arg, const struct namesake_seen *seen,
		    struct err *err);
	void *arg;
};
MUST_USE int namesakes_each(struct import_job *job,
			    const struct namesake_named *named,
			    const struct namesake_visitor *visitor,
			    struct err *err);

#endif
