/*
 * `vvault acu`: from messages to records of ACUs, and from ACUs to others.
 */
#ifndef VV_CMD_ACU_ACU_H
#define VV_CMD_ACU_ACU_H

#include "cmd/action/host.h"
#include "cmd/acu/extractor.h"
#include "lib/base/buf.h"
#include "lib/json/jcs_write.h"
#include "lib/time/hlc.h"
#include "refs/view/view.h"
#include "refs/write/write.h"

/* What is asked for. */
struct acu_job {
	struct vault *vault;
	const struct host *host;
	const char *construct;
	bool is_dry;			/* write nothing */
	/* extract: */
	const struct acu_extractor *extractor;
	bool takes_all;			/* hidden messages and other roles */
	/* derive: */
	const char *data;		/* JSON, "-" or NULL */
	int input;			/* what "-" reads */
};

/* One session of the construct, as an extractor reads it. */
struct acu_talk {
	struct view *view;
	const struct acu_job *job;
	struct acu_said *said;
	size_t n;
	size_t cap;
	struct buf bytes;		/* entities, roles and texts */
	struct acu_message *messages;	/* those taken, in their order; */
	struct acu_said **taken;	/* what each of them is */
	size_t messages_n;
	size_t last;			/* place of the last one that is talk */
};

/* Where something stands in the bytes of a talk. */
struct acu_piece {
	size_t at;
	size_t len;
};

struct acu_said {
	struct acu_piece entity;
	struct acu_piece parent;
	struct acu_piece role;
	struct acu_piece text;
	char at[HLC_TEXT_MAX];
	int64_t index;
	bool has_parent;		/* said, be it null */
	bool is_talk;			/* visible, of the extractor's roles */
	bool is_taken;			/* that, or any with --all */
	bool is_tool;
	bool is_thinking;
	bool is_placed;			/* its order is known */
	size_t place;			/* in messages; if it is no talk, of
					 * the next above it that is */
};

/* Does the message go with those that the talk holds (or is it empty)? */
bool acu_talk_holds(const struct acu_talk *talk, struct span message);

/* Copy a live message, with its text if the extractor is to have it. */
MUST_USE int acu_talk_add(struct acu_talk *talk,
			  const struct view_entity *message, struct err *err);

/* Bring the messages in order and find out who replies to whom. */
MUST_USE int acu_talk_arrange(struct acu_talk *talk, struct err *err);

struct span acu_talk_piece(const struct acu_talk *talk,
			   struct acu_piece piece);

/* Entity of the message that stands at this place of messages. */
struct span acu_talk_entity(const struct acu_talk *talk, size_t place);

void acu_talk_reset(struct acu_talk *talk);
void acu_talk_release(struct acu_talk *talk);

/*
 * When an entity came to be: the `at` of its first record, with the node of
 * what is derived, so that every device says the same.
 */
void acu_birth(const struct view_entity *entity, char out[HLC_TEXT_MAX]);

/*
 * The entity of a unit: acu:<session>/<node>#<extractor>:<start>-<end>:<8
 * digits of the text's sha256>. ERR_LIMIT when that is too long.
 */
MUST_USE int acu_unit_entity(const struct acu_talk *talk,
			     const struct acu_unit *unit, struct buf *out,
			     struct err *err);

/* A unit, and of the list's links, sorted by `from`, those that begin at it. */
struct acu_choice {
	const struct acu_list *list;
	size_t unit;
	size_t links;
	size_t links_n;
};

/* Append a unit's data, a canonical object. */
MUST_USE int acu_unit_data(const struct acu_talk *talk,
			   const struct acu_choice *choice, struct buf *out,
			   struct err *err);

/* {"relation","target","weight"} */
void acu_put_link(struct buf *out, const char *relation, struct span target,
		  double weight);

/* What a derived ACU says, and of whom it comes. */
struct acu_lineage {
	const struct acu_job *job;
	struct view *view;
	struct buf *parents;		/* entities, sorted, none twice */
	size_t parents_n;
	char at[HLC_TEXT_MAX];		/* the birth of the youngest parent */
	struct buf data;		/* a canonical object */
	struct buf entity;		/* follows from data */
};

/*
 * Find the parents that the words name, by entity or record, and make data and
 * entity with them and --data. ERR_NOT_FOUND, ERR_INVALID. Released after a
 * failure too.
 */
MUST_USE int acu_lineage_read(struct acu_lineage *lineage,
			      const char *const *words, size_t n,
			      struct err *err);
/* Its first part: parents (memory for n of them is there) and at. */
MUST_USE int acu_parents_find(struct acu_lineage *lineage,
			      const char *const *words, size_t n,
			      struct err *err);
void acu_lineage_release(struct acu_lineage *lineage);

/* Find the ACUs of the construct's messages; the host gets one object. */
MUST_USE int acu_extract(const struct acu_job *job, struct write_result *out,
			 struct err *err);

/* Derive one from parents named by entity or record. */
MUST_USE int acu_derive(const struct acu_job *job, const char *const *parents,
			size_t n, struct write_result *out, struct err *err);

#endif
