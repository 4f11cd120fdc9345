#include "cmd/mcp/asking.h"

#include <stdio.h>
#include <string.h>

#include "cmd/mcp/reason.h"
#include "lib/time/dates.h"
#include "refs/verify/verify.h"

static int take_object(void *arg, struct span json, struct err *err)
{
	struct asking *asking = arg;

	if (asking->n == 1 && asking->skipped < asking->skip) {
		asking->skipped++;
		return 0;
	}
	asking->is_full = asking->objects.len + json.len > ANSWER_MAX_BYTES;
	if (asking->is_full)
		return err_set(err, ERR_CANCELED, "there is more than is "
			       "wanted");
	asking->n++;
	buf_put_span(&asking->objects, json);
	buf_put_char(&asking->objects, '\n');
	return buf_end(&asking->objects, err);
}

static void take_note(void *arg, struct span sentence)
{
	struct asking *asking = arg;
	size_t begin = asking->notes.len;

	reason_put_sentence(sentence, &asking->notes);
	if (asking->notes.len > begin)
		buf_put_char(&asking->notes, '\n');
}

static void take_problem(void *arg, const struct problem *problem)
{
	take_note(arg, span_str(problem->message));
}

static const struct host asking_host = {
	.object = take_object, .note = take_note, .problem = take_problem,
};

void asking_begin(struct asking *asking, struct server *server,
		  const char *action)
{
	memset(asking, 0, sizeof(*asking));
	asking->server = server;
	asking->objects = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	asking->notes = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	asking->keys_folder = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	asking->source = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	asking->scope = server->scope;
	asking->call = (struct action_call){
		.action = action_find(action),
		.values = asking->values,
		.vault_path = server->call->vault_path,
		.keys_folder = server->call->keys_folder,
		.settings = server->call->settings,
	};
	asking->call.settings.input = -1;
	asking->call.settings.is_input_typed = false;
	asking->call.settings.handles = NULL;
}

void asking_release(struct asking *asking)
{
	buf_release(&asking->objects);
	buf_release(&asking->notes);
	buf_release(&asking->keys_folder);
	buf_release(&asking->source);
}

void asking_texts(struct asking *asking, const char *name,
		  const char *const *texts, size_t n)
{
	/* Only names of its own table are asked for. */
	if (n)
		(void)!action_give(asking->call.action, asking->values, name,
				   texts, n, NULL);
}

void asking_flag(struct asking *asking, const char *name)
{
	(void)!action_give(asking->call.action, asking->values, name, NULL, 0,
			   NULL);
}

void asking_text(struct asking *asking, const char *name, const char *text)
{
	const struct action_param *params = asking->call.action->params;
	size_t i = 0;

	while (params[i].name && strcmp(params[i].name, name))
		i++;
	asking->texts[i] = text;
	if (text)
		asking_texts(asking, name, &asking->texts[i], 1);
}

void asking_count(struct asking *asking, const char *name, uint64_t count)
{
	char *text = asking->numbers[asking->numbers_n++ % ASKING_NUMBERS];

	snprintf(text, sizeof(asking->numbers[0]), "%llu",
		 (unsigned long long)count);
	asking_text(asking, name, text);
}

int asking_as_of(struct asking *asking, const char *date, struct err *err)
{
	struct period period;
	int rc = 0;

	if (!date)
		return 0;
	rc = dates_read(span_str(date), &asking->call.settings.wall, &period,
			err);
	if (rc == 0 && (!asking->scope.as_of ||
			period.end < asking->scope.as_of))
		asking->scope.as_of = period.end;
	return rc;
}

int asking_run(struct asking *asking, struct err *err)
{
	struct host host = asking_host;
	struct err why = ERR_INIT;
	int rc;

	host.arg = asking;
	asking->call.host = &host;
	asking->call.settings.scope = &asking->scope;
	rc = action_run(&asking->call, &why);
	if (rc == ERR_CANCELED && asking->is_full)
		rc = 0;
	if (rc == 0)
		rc = buf_end(&asking->notes, err);
	return rc < 0 ? err_copy(err, rc, &why) : 0;
}

struct span asking_next(const struct asking *asking, struct span *rest)
{
	static const struct span none = { NULL, 0 };

	if (!rest->at)
		*rest = buf_span(&asking->objects);
	return rest->len ? span_take_line(rest) : none;
}
