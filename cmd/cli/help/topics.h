/*
 * Pages of the manual that are no command's, and chapters of vvault(1).
 */
#ifndef VV_CMD_CLI_HELP_TOPICS_H
#define VV_CMD_CLI_HELP_TOPICS_H

struct topic {
	const char *page;	/* as man(1) takes it: "5 vvault-format" */
	const char *chapter;	/* or NULL */
	const char *summary;
};

/* Ended by a row without a page. */
extern const struct topic topic_table[];

#endif
