#include "refs/index/recall_internal.h"

#include <stdlib.h>

#include "refs/index/lookup.h"

/* Of rows of shards it is known where somebody asks. */
static int is_title(const struct recall *recall, const struct row *row,
		    bool *out, struct err *err)
{
	*out = row->flags & ROW_IS_TITLE;
	/* A title has no place in its session. */
	return *out || !(row->flags & ROW_IS_PLACED) || row->index != -1 ?
	       0 : lookup_is_title(recall->lookups[row->construct], row, out,
				   err);
}

/* What of a session is among the hits. */
struct session_hits {
	bool has_others;
	size_t title;		/* 1 + the hit; 0: none */
};

/* One hit more: does it stay, and how many are there then? */
static bool take_hit(struct session_hits *session, size_t hit, bool is_title,
		     size_t n, size_t *kept, bool *stays)
{
	bool is_head = is_title && session->has_others;
	bool replaces = !is_title && !session->has_others && session->title;

	if (is_head)
		return true;
	if (*kept == n && !replaces)
		return false;
	if (replaces)
		stays[session->title - 1] = false;
	stays[hit] = true;
	*kept += !replaces;
	if (is_title)
		session->title = hit + 1;
	else
		session->has_others = true;
	return true;
}

static void keep_hits(struct recall *recall, const bool *stays)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < recall->hits_n; i++) {
		if (stays[i])
			recall->hits[kept++] = recall->hits[i];
	}
	recall->hits_n = kept;
}

int recall_drop_titles(struct recall *recall, size_t n, bool *out_is_dropped,
		       struct err *err)
{
	const struct rows *rows = &recall->rows;
	struct session_hits *sessions = calloc(rows->sessions.count +
					       rows->kept + 1,
					       sizeof(*sessions));
	bool *stays = calloc(recall->hits_n + 1, sizeof(*stays));
	size_t before = recall->hits_n;
	size_t kept = 0;
	size_t i;
	bool title;
	int rc = sessions && stays ? 0 :
		 err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc == 0 && i < before; i++) {
		const struct row *row = &rows->at[recall->hits[i].row];

		rc = is_title(recall, row, &title, err);
		if (rc == 0 && !take_hit(&sessions[row->session], i, title, n,
					 &kept, stays))
			break;
	}
	if (rc == 0)
		keep_hits(recall, stays);
	*out_is_dropped = rc == 0 && recall->hits_n < before;
	free(sessions);
	free(stays);
	return rc;
}
