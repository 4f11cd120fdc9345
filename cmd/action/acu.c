#include "cmd/acu/acu.h"

#include "cmd/cli/options.h"

static int usage(struct session *session, const char *what, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "%s '%s'", what, word);
	return CMD_USAGE;
}

static int find_extractor(struct acu_job *job, const char *name)
{
	job->extractor = name ? acu_extractor_find(name) :
			 acu_extractor_table[0];
	return job->extractor ? 0 : usage(job->session, "unknown extractor",
					  name);
}

static int run(struct acu_job *job, int words, char **argv)
{
	bool is_extract = !strcmp(argv[1], "extract");
	int rc;

	job->construct = argv[2];
	rc = session_open(job->session, &job->vault);
	if (rc >= 0)
		rc = is_extract ? acu_extract(job) :
		     acu_derive(job, argv + 3, words - 2);
	vault_close(job->vault);
	return rc;
}

int cmd_acu(struct session *session, int argc, char **argv)
{
	struct acu_job job = { .session = session };
	const char *extractor = NULL;
	const struct option_row rows[] = {
		{ "--extractor", OPTION_TEXT, &extractor },
		{ "--all", OPTION_FLAG, &job.takes_all },
		{ "--data", OPTION_TEXT, &job.data },
		{ "--dry-run", OPTION_FLAG, &job.is_dry },
		{ NULL, OPTION_FLAG, NULL },
	};
	int words;

	words = options_parse(session, argc, argv, rows, 2, -1);
	if (words < 0)
		return words;
	if (!strcmp(argv[1], "extract")) {
		if (words > 2)
			return usage(session, "one word too many:", argv[3]);
		if (job.data)
			return usage(session, "extract has no option",
				     "--data");
		if (find_extractor(&job, extractor) < 0)
			return CMD_USAGE;
	} else if (!strcmp(argv[1], "derive")) {
		if (words < 3)
			return usage(session, "no acu to derive from in",
				     argv[2]);
		if (extractor || job.takes_all)
			return usage(session, "derive has no option",
				     extractor ? "--extractor" : "--all");
	} else {
		return usage(session, "unknown word behind 'acu':", argv[1]);
	}
	return run(&job, words, argv);
}
