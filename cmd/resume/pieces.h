/*
 * What the writers share: a turn in steps, and times, files and names as the
 * formats of agents want them.
 */
#ifndef VV_CMD_RESUME_PIECES_H
#define VV_CMD_RESUME_PIECES_H

#include "cmd/resume/writer.h"
#include "lib/json/jcs_write.h"

/*
 * A step of a turn: words and files, then calls. Results stand right behind
 * their calls, so what a turn says behind a call is a step of its own.
 */
struct passage_step {
	const struct passage_piece *pieces;
	size_t n;
	size_t said;		/* so many are no calls; the others are */
	int64_t created;	/* of a later one when the results before it
				   had come */
};

/* The next one, PASSAGE_STEP_INIT before the first; false: no more. */
#define PASSAGE_STEP_INIT { NULL, 0, 0, 0 }
bool passage_step_next(const struct passage_turn *turn,
		       struct passage_step *step);

/* Its calls: the one at that place, which is below step->n - step->said. */
const struct passage_call *passage_step_call(const struct passage_step *step,
					     size_t nth);

/* "2026-11-21T01:20:00.123Z" */
#define RESUME_TIME_MAX 25
void resume_time_text(int64_t micros, char out[RESUME_TIME_MAX]);
int64_t resume_ms(int64_t micros);
void fields_resume_time(struct jcs_fields *fields, const char *name,
			int64_t micros);

/* Append its title or, without one, the begin of what was asked first, as one
 * line. */
void resume_put_title(const struct passage *passage, struct buf *out);

/* What was asked first; empty: files alone. */
struct span resume_first_words(const struct passage *passage);

/* The model of a turn; of one that does not say it the passage's; "unknown". */
struct span resume_model(const struct passage *passage,
			 const struct passage_turn *turn);
/* Who makes it: "anthropic", "openai", "google"; "unknown". */
const char *resume_maker(struct span model);

/* Append what names a file where a format holds none: "[file clock.png,
 * image/png, at /srv/clock.png]". */
void resume_put_file_text(const struct passage_file *file, struct buf *out);
/* Append the words of a step, with two line breaks between them. */
void resume_put_words(const struct passage_step *step, struct buf *out);
bool resume_is_image(const struct passage_file *file);
bool resume_is_picture(struct span media);
/* Append "data:image/png;base64,...". */
void resume_put_data_url(const struct passage_file *file, struct buf *out);
/* The same without what stands before the base64. */
void fields_base64(struct jcs_fields *fields, const char *name,
		   struct span bytes);

/* A text that was built; a failure of it is that of the fields. */
void fields_words(struct jcs_fields *fields, const char *name,
		  const struct buf *text);

/*
 * Objects that are built of fields, which then are forgotten: behind others in
 * a list, which becomes a member ("[]": nothing was added) and is forgotten
 * then; or as a line.
 */
void resume_list_add(struct buf *list, struct jcs_fields *fields);
void fields_list(struct jcs_fields *fields, const char *name,
		 struct buf *list);
/* Append an object with a list (without its last bracket; empty: "[]") behind
 * all its other members: whoever looks at its begin sees what it is. */
void resume_put_with(struct buf *out, struct jcs_fields *fields,
		     const char *name, const struct buf *list);
void resume_put_line(struct buf *out, struct jcs_fields *fields);

/* Append the path of a file that a program is given and then needs no more: in
 * the person's cache, if that is at home. */
void resume_put_cache(const struct resume_target *target, const char *ending,
		      const char *name, struct buf *out);

/* What is there of a file that others write to as well: read into its before,
 * which stays empty where nothing is. ERR_IO, ERR_LIMIT, ERR_NOMEM. */
MUST_USE int resume_read_before(const struct resume_target *target,
				struct resume_file *file, size_t max_bytes,
				struct err *err);

/* Is the target's id a UUID? Else it is one of the agent's own kind, which
 * wrote the session and gets it back. */
bool resume_has_uuid(const struct resume_target *target);

#endif
