#include "cmd/capture/keeps.h"

#include "cmd/capture/hook.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define DAYS_MAX 1000000

/* 30, or "30d"; false: neither. */
static bool read_days(const struct jval *value, unsigned *out)
{
	struct span text = jval_text(value);
	long long days = 0;
	size_t i;

	if (!text.len) {
		if (!jval_integer(value, &days))
			return false;
	} else {
		for (i = 0; i < text.len && text.at[i] >= '0' &&
			    text.at[i] <= '9' && days < DAYS_MAX; i++)
			days = days * 10 + (text.at[i] - '0');
		if (!i || i + 1 != text.len || text.at[i] != 'd')
			return false;
	}
	if (days < 1)
		return false;
	*out = days < DAYS_MAX ? (unsigned)days : DAYS_MAX;
	return true;
}

unsigned agent_keeps_days(const struct agent *agent,
			  const struct agent_home *home)
{
	const struct agent_keeps *keeps = &agent->keeps;
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(HOOK_FILE_MAX);
	struct jdoc *doc = NULL;
	unsigned days = keeps->days;

	if (!keeps->member || hook_path(agent, home, 0, &path, NULL,
					 NULL) < 0 ||
	    file_read_plain(buf_text(&path), HOOK_FILE_MAX, &text, NULL) < 0 ||
	    jdoc_parse(buf_span(&text), &(struct jdoc_options){
				.flags = JDOC_BOM_SKIP }, &doc, NULL) < 0)
		goto out;
	if (keeps->is_on && jval_is(jval_at(jdoc_root(doc), keeps->is_on),
				    JVAL_FALSE))
		days = 0;
	else
		(void)read_days(jval_at(jdoc_root(doc), keeps->member), &days);
out:
	jdoc_free(doc);
	buf_release(&text);
	buf_release(&path);
	return days;
}
