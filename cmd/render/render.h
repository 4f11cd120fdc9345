/*
 * How the results of actions look to a person: from their JSON objects alone.
 */
#ifndef VV_CMD_RENDER_RENDER_H
#define VV_CMD_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/cli/say.h"
#include "lib/json/jdoc.h"

struct rendering {
	const char *action;
	bool is_long;		/* worth a pager */
	/* What an object looks like, as render_line() has it. */
	const char *line;
	/* Or print it. Returns whether there was anything to print. */
	bool (*object)(const struct jval *object);
	/* How the line begins at which the pager opens, by the first object;
	 * NULL: at the first. May be NULL */
	const char *(*mark)(const struct jval *object);
	/* Or print it where there may be a great many: no tree is built. */
	bool (*text)(struct span object);
	/* Print one item of the list that an object announced. May be NULL */
	void (*item)(const struct jval *item);
	/* Nothing failed: of that many objects something was printed, and it
	 * was a "no" or not. May be NULL */
	void (*end)(size_t printed, bool is_no);
	/* What is said where nothing was printed: there is nothing yet to look
	 * through, or there is. NULL: nothing is. */
	const char *no_source;
	const char *nothing;
};

/* NULL: its objects, if it has any, are shown as they are. */
const struct rendering *rendering_find(const char *action);

bool render_acu_extract(const struct jval *extraction);
bool render_add(const struct jval *added);
bool render_resolve(const struct jval *resolved);
/* What came into conflict; false: the object is of something else. */
bool render_came(const struct jval *came);
bool render_conflict(const struct jval *conflict);
void render_conflicts_end(size_t printed, bool is_no);
bool render_agents(const struct jval *object);
void render_agents_end(size_t printed, bool is_no);
bool render_blame(const struct jval *blamed);
bool render_audit(const struct jval *act);
bool render_capture(const struct jval *result);
bool render_config(const struct jval *setting);
bool render_check_proof(const struct jval *found);
bool render_construct(const struct jval *construct);
bool render_edit(const struct jval *edited);
bool render_construct_merge(const struct jval *merged);
bool render_construct_rename(const struct jval *renamed);
bool render_construct_show(const struct jval *shown);
bool render_construct_split(const struct jval *split);
bool render_entity(const struct jval *shown);
bool render_diff(const struct jval *diff);
bool render_import(const struct jval *result);
bool render_gc(const struct jval *gc);
bool render_hook(const struct jval *hook);
bool render_init(const struct jval *vault);
bool render_log(const struct jval *version);
bool render_key(const struct jval *key);
bool render_key_seal(const struct jval *key);
bool render_key_rotate(const struct jval *key);
bool render_recover(const struct jval *rescue);
bool render_ls(struct span entity);
bool render_mcp(const struct jval *result);
bool render_member(const struct jval *member);
bool render_member_add(const struct jval *member);
bool render_member_remove(const struct jval *member);
bool render_page(const struct jval *made);
bool render_quarantine_show(const struct jval *note);
bool render_read(const struct jval *object);
const char *render_read_mark(const struct jval *session);
bool render_recall(const struct jval *hit);
bool render_grep(const struct jval *hit);
bool render_ref(const struct jval *ref);
bool render_reject(const struct jval *version);
bool render_remember(const struct jval *remembered);
bool render_resume(const struct jval *resumed);
bool render_revert(const struct jval *result);
bool render_forget(const struct jval *forgotten);
bool render_rm(const struct jval *removed);
bool render_session(const struct jval *session);
bool render_show(const struct jval *shown);
bool render_stats(const struct jval *group);
void render_stats_end(size_t printed, bool is_no);
bool render_status(const struct jval *status);
bool render_undo(const struct jval *result);
bool render_tag(const struct jval *tagged);
bool render_verify(const struct jval *report);
bool render_watch(const struct jval *event);
void render_change(const struct jval *change);
void render_import_end(size_t printed, bool is_no);
void render_refs_end(size_t printed, bool is_no);

/* Pieces that renderings share. */

/* Lines that change in settings: "+ ..." and "- ...". */
void render_changes(struct span changes);

/* What was captured last, on a line; nothing for NULL. */
void render_captured(const struct jval *capture);

/* An id's first characters are enough for people. */
#define SHORT_ID_CHARS 10
#define SHORT_DID_CHARS 12

/* A device: its member "name", with the begin of the did in that member behind
 * it; that alone where it has no name here. */
void render_device(const struct jval *object, const char *did);

/*
 * Print the words; between braces stands the path of a text or a number in the
 * object: "{version}", "{before.packs}". "{version:10}" are its first ten
 * characters, of a did those behind "did:key:"; "{state<8}" has blanks behind
 * it up to eight; "{@}" is its handle, "{who}" its device by name. What is not there is nothing.
 */
void render_line(const struct jval *object, const char *format);
/*
 * A time member ("2024-05-03T12:03:11Z") by the local clock: near to now on a
 * terminal ("2 hours ago", "yesterday 14:03"), with its offset from UTC
 * elsewhere, so that what reads it sees no times that move. render_date() is
 * for where the day is enough; both tell a member that is no time as missing.
 */
void render_time(enum say_color color, const struct jval *object,
		 const char *name, const char *missing);
void render_date(enum say_color color, const struct jval *object,
		 const char *name, const char *missing);
/* The same, as a cell. */
void render_time_cell(enum say_color color, const struct jval *object,
		      const char *name, const char *missing, unsigned columns);
/* A text in so many columns: with blanks behind it, or cut and "..." then. */
void render_cell(enum say_color color, struct span text, unsigned columns);
/* A time as text in a column of its own, as render_time() has it; returns how
 * wide that is. */
size_t render_when(enum say_color color, struct span when,
		   const char *missing);
/* "1,025,000"; "3 memories"; "12.3 kB". */
void render_thousands(unsigned long long n);
void render_count(unsigned long long n, const char *thing);
void render_bytes(unsigned long long n);
/* "2 messages, 1 memory", of an object with a number for each kind; is_begun:
 * something stands before. Returns whether by now something does. */
bool render_kinds(const struct jval *counts, bool is_begun);
/* How many of what there is, on one line: of "counts", "first" and "last". */
void render_counts(const struct jval *shown);
/* What a person calls the construct of an object: "called", else its id. */
struct span render_called(const struct jval *object);
/* A number member; 0 for none. */
unsigned long long render_number(const struct jval *object, const char *name);
bool render_flag(const struct jval *object, const char *name);
/* A text as it is, any other value as canonical JSON; at most max bytes, and
 * "..." where that is not all. */
void render_value(const struct jval *value, size_t max);
/* The same in words: "one, two" of a list of texts, "3 blocks" of another that
 * has this name, "2 fields" of an object. */
void render_short(const struct jval *value, struct span name, size_t max);

#endif
