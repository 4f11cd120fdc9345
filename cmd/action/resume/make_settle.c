#include "cmd/action/resume/make_internal.h"

#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

/* --- the window ------------------------------------------------------------ */

static size_t last_summary(const struct made *made)
{
	size_t i = made->turns.n;

	while (i && !made->turns.at[i - 1].is_summary)
		i--;
	return i ? i - 1 : made->turns.n;
}

/* Where the last so many prompts begin. */
static size_t last_prompts(const struct made *made, uint64_t n)
{
	size_t i = made->turns.n;
	size_t at = i;

	while (i && n) {
		const struct passage_turn *turn = &made->turns.at[--i];

		if (turn->role != PASSAGE_USER || turn->is_summary)
			continue;
		at = i;
		n--;
	}
	return n ? 0 : at;
}

/* What is told begins with the person's words. */
int making_cut(struct making *making)
{
	const struct made_wish *wish = making->wish;
	struct made *made = making->made;
	size_t from = 0;

	if (wish->from_compaction) {
		from = last_summary(made);
		if (from == made->turns.n)
			return err_set(making->err, ERR_NOT_FOUND, "nothing "
				       "was compacted in this session; --last "
				       "takes its last prompts");
	}
	if (wish->last && last_prompts(made, wish->last) > from)
		from = last_prompts(made, wish->last);
	while (from < made->turns.n &&
	       made->turns.at[from].role != PASSAGE_USER)
		from++;
	if (from == made->turns.n)
		return err_set(making->err, ERR_NOT_FOUND, "nobody says "
			       "anything in this session, so nothing goes on");
	made->passage.counts.before = from;
	made->passage.turns = made->turns.at + from;
	made->passage.n = made->turns.n - from;
	return 0;
}

/* --- when all are there ---------------------------------------------------- */

/* Lists that grew have found their place. */
void making_join(struct making *making)
{
	struct made *made = making->made;
	size_t i;

	for (i = 0; i < made->pieces.n; i++) {
		struct passage_turn *turn =
			&made->turns.at[making->pieces.at[i].turn];
		struct passage_piece *piece = &made->pieces.at[i];

		if (!turn->n++)
			turn->pieces = piece;
		if (piece->kind == PIECE_CALL && making->pieces.at[i].files_n) {
			piece->call.files = made->files.at +
					    making->pieces.at[i].files;
			piece->call.files_n = making->pieces.at[i].files_n;
		}
	}
}

/* The first time that anything tells of. */
static int64_t first_time(const struct making *making)
{
	struct span state = buf_span(&making->transcript->state);
	const struct made *made = making->made;
	int64_t time = 0;
	unsigned flags;
	struct span value;
	size_t i;

	for (i = 0; i < made->turns.n; i++) {
		if (made->turns.at[i].created)
			return made->turns.at[i].created;
	}
	if (jcs_find_string(state, "created", &value) &&
	    timestamp_parse(value, &time, &flags, NULL) == 0 && time)
		return time;
	return making->wish->now ? making->wish->now : TIMESTAMP_USUAL_FROM;
}

/* A time is never before that of the turn before; one that is not known is
 * that. */
void making_set_times(struct making *making)
{
	struct made *made = making->made;
	int64_t last = first_time(making);
	size_t i;

	for (i = 0; i < made->turns.n; i++) {
		struct passage_turn *turn = &made->turns.at[i];

		if (turn->created < last)
			turn->created = last;
		last = turn->created;
	}
	for (i = 0; i < made->pieces.n; i++) {
		size_t at = making->pieces.at[i].turn;
		struct passage_call *call = &made->pieces.at[i].call;
		int64_t next = at + 1 < made->turns.n ?
			       made->turns.at[at + 1].created : INT64_MAX;

		if (made->pieces.at[i].kind != PIECE_CALL)
			continue;
		if (call->ended < made->turns.at[at].created)
			call->ended = made->turns.at[at].created;
		if (call->ended > next)
			call->ended = next;
	}
}

/* Only of what is told. */
void making_count(struct making *making)
{
	struct passage *passage = &making->made->passage;
	size_t before = passage->counts.before;
	size_t i;

	passage->counts.turns = passage->n;
	passage->counts.calls = 0;
	for (i = 0; i < making->made->pieces.n; i++) {
		if (making->pieces.at[i].turn < before ||
		    making->made->pieces.at[i].kind != PIECE_CALL)
			continue;
		passage->counts.calls++;
		passage->counts.missing_results +=
			!making->pieces.at[i].is_answered;
	}
	for (i = passage->n; i && !passage->model.len; i--)
		passage->model = passage->turns[i - 1].model;
	passage->created = passage->turns[0].created;
	passage->updated = passage->turns[passage->n - 1].created;
	passage->counts.secrets =
		(size_t)secret_counts_sum(&making->secrets);
	if (making->transcript->ends)
		passage->counts.branches = making->transcript->ends - 1;
}
