/*
 * How well recall finds what answers a question: figures of many questions.
 *
 *	asked <vault> <keys> <questions>
 *
 * Each line of the file: construct, question, and the ends of the entities
 * that answer it, divided by tabs and spaces. Prints the number of questions,
 * then of turns R@5 (the share of the answers among the first five) and MRR,
 * of sessions any@1, any@5, R@5 and MRR, and milliseconds for a question.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "objects/store/store.h"
#include "refs/index/recall.h"
#include "refs/key/key.h"
#include "refs/trust/open.h"

#define ANSWERS_MAX 64
#define FIRST 5
#define LINE_BYTES 65536

struct figures {
	double asked;
	double turn_share, turn_rank;
	double any_1, any_5, session_share, session_rank;
};

/* One question, and what was found to it. */
struct asked {
	struct recall *recall;
	const char *answers[ANSWERS_MAX];
	size_t answers_n;
	uint32_t sessions[ANSWERS_MAX];	/* that hold answers */
	size_t sessions_n;
};

static bool ends_in(struct span entity, const char *end)
{
	size_t len = strlen(end);

	return span_ends(entity, end) && entity.len > len &&
	       strchr("/:", entity.at[entity.len - len - 1]);
}

static bool is_answer(const struct asked *asked, const struct row *row)
{
	size_t i;

	for (i = 0; i < asked->answers_n; i++) {
		if (ends_in(row->entity, asked->answers[i]))
			return true;
	}
	return false;
}

static bool has_session(const uint32_t *list, size_t n, uint32_t session)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i] == session)
			return true;
	}
	return false;
}

static void find_sessions(struct asked *asked)
{
	const struct rows *rows = &asked->recall->rows;
	size_t i;

	for (i = 0; i < rows->n && asked->sessions_n < ANSWERS_MAX; i++) {
		if (is_answer(asked, &rows->at[i]) &&
		    !has_session(asked->sessions, asked->sessions_n,
				 rows->at[i].session))
			asked->sessions[asked->sessions_n++] =
				rows->at[i].session;
	}
}

static const struct row *hit_at(const struct asked *asked, size_t hit)
{
	return &asked->recall->rows.at[asked->recall->hits[hit].row];
}

static void judge_turns(const struct asked *asked, struct figures *figures)
{
	size_t first = 0;
	size_t found = 0;
	size_t i;

	for (i = 0; i < asked->recall->hits_n; i++) {
		if (!is_answer(asked, hit_at(asked, i)))
			continue;
		found += i < FIRST;
		first = first ? first : i + 1;
	}
	figures->turn_share += (double)found / (double)asked->answers_n;
	figures->turn_rank += first ? 1 / (double)first : 0;
}

/* Sessions rank by their best turn. */
static void judge_sessions(const struct asked *asked, struct figures *figures)
{
	uint32_t *seen = calloc(asked->recall->hits_n + 1, sizeof(*seen));
	size_t first = 0;
	size_t found = 0;
	size_t n = 0;
	size_t i;

	for (i = 0; seen && i < asked->recall->hits_n; i++) {
		uint32_t session = hit_at(asked, i)->session;

		if (has_session(seen, n, session))
			continue;
		seen[n++] = session;
		if (!has_session(asked->sessions, asked->sessions_n, session))
			continue;
		found += n <= FIRST;
		first = first ? first : n;
	}
	free(seen);
	figures->any_1 += first == 1;
	figures->any_5 += first && first <= FIRST;
	figures->session_share += (double)found / (double)asked->sessions_n;
	figures->session_rank += first ? 1 / (double)first : 0;
}

static int ask(struct vault *vault, char *line, struct figures *figures,
	       struct err *err)
{
	const struct recall_filter filter = {
		.since = INT64_MIN, .until = INT64_MAX,
	};
	struct asked asked = { .answers_n = 0 };
	struct view *view = NULL;
	char *rest = NULL;
	char *construct = strtok_r(line, "\t", &rest);
	char *question = strtok_r(NULL, "\t", &rest);
	char *answer;
	int rc;

	while ((answer = strtok_r(NULL, " \t\n", &rest)) &&
	       asked.answers_n < ANSWERS_MAX)
		asked.answers[asked.answers_n++] = answer;
	if (!asked.answers_n)
		return err_set(err, ERR_INVALID, "no question: '%s'", line);
	rc = view_open(vault, construct, &view, err);
	if (rc == 0)
		rc = recall_new(span_str(question), &filter, &asked.recall,
				err);
	/* All rows with their entities; shards find the same. */
	if (rc == 0) {
		asked.recall->is_plain = true;
		rc = recall_add(asked.recall, view, err);
	}
	if (rc == 0)
		rc = recall_rank(asked.recall, SIZE_MAX, err);
	if (rc == 0) {
		find_sessions(&asked);
		judge_turns(&asked, figures);
		if (asked.sessions_n)
			judge_sessions(&asked, figures);
		figures->asked++;
	}
	recall_free(asked.recall);
	view_free(view);
	return rc;
}

static int ask_all(struct vault *vault, const char *path,
		   struct figures *figures, struct err *err)
{
	static char line[LINE_BYTES];
	FILE *file = fopen(path, "r");
	int rc = 0;

	if (!file)
		return err_errno(err, "cannot open '%s'", path);
	while (rc == 0 && fgets(line, sizeof(line), file))
		rc = ask(vault, line, figures, err);
	fclose(file);
	return rc;
}

static void print(const struct figures *figures, double ms)
{
	double n = figures->asked > 0 ? figures->asked : 1;

	printf("%.0f %.3f %.3f %.3f %.3f %.3f %.3f %.2f\n", figures->asked,
	       figures->turn_share / n, figures->turn_rank / n,
	       figures->any_1 / n, figures->any_5 / n,
	       figures->session_share / n, figures->session_rank / n, ms / n);
}

int main(int argc, char **argv)
{
	struct figures figures = { 0 };
	struct vault *vault = NULL;
	struct err err = ERR_INIT;
	struct timespec from;
	struct timespec to;
	int rc;

	if (argc != 4)
		return 129;
	rc = store_init_library(&err);
	if (rc == 0)
		rc = vault_open(argv[1], argv[2], &vault, &err);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	if (rc == 0)
		rc = ask_all(vault, argv[3], &figures, &err);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	if (rc == 0)
		print(&figures, (double)(to.tv_sec - from.tv_sec) * 1e3 +
		      (double)(to.tv_nsec - from.tv_nsec) / 1e6);
	else
		fprintf(stderr, "asked: %s\n", err.text);
	vault_close(vault);
	return rc < 0;
}
