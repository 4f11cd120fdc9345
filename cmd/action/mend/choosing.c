#include "cmd/action/mend/resolving.h"

/* As it is listed for a person, or as a JSON Pointer. */
bool resolving_means(const struct resolving *resolving,
		     const struct dispute *dispute)
{
	const char *field = action_text(resolving->call, "field");
	struct span pointer = dispute->field;

	if (!field || span_equals(pointer, span_str(field)))
		return true;
	return pointer.len &&
	       span_equals(span_of(pointer.at + 1, pointer.len - 1),
			   span_str(field));
}

static void put_field(const struct dispute *dispute, struct buf *out)
{
	if (dispute->field.len)
		buf_putf(out, "'%.*s'", (int)dispute->field.len - 1,
			 dispute->field.at + 1);
	else
		buf_put_str(out, "'' (deleted or not)");
}

/* "'content', 'title'" */
static void put_fields(const struct resolving *resolving, struct buf *out)
{
	size_t i;

	for (i = 0; i < resolving->disputes.n; i++) {
		buf_put_str(out, i ? ", " : "");
		put_field(&resolving->disputes.at[i], out);
	}
}

static int refuse_field(const struct resolving *resolving, const char *why,
			struct err *err)
{
	struct buf fields = BUF_INIT(BUF_NO_LIMIT);

	put_fields(resolving, &fields);
	resolving->call->is_misused = true;
	err_set(err, ERR_INVALID, "%s: in conflict %s %s", why,
		resolving->disputes.n == 1 ? "is" : "are", buf_text(&fields));
	buf_release(&fields);
	return ERR_INVALID;
}

static bool has_word(const struct buf *words, const struct buf *word)
{
	return span_has(buf_span(words), buf_text(word));
}

/* Nobody can be asked: say what may be said. */
static int refuse_unasked(const struct resolving *resolving, struct err *err)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct buf word = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < resolving->disputes.n; i++) {
		const struct dispute *dispute = &resolving->disputes.at[i];

		for (j = 0; rc == 0 && j < dispute->n && words.len < 400; j++) {
			buf_reset(&word);
			buf_put_str(&word, "--take ");
			rc = choice_name(&resolving->settling,
					 &dispute->at[j], &word, err);
			buf_put_str(&word, ", ");
			if (rc == 0 && !has_word(&words, &word))
				buf_put_span(&words, buf_span(&word));
		}
	}
	resolving->call->is_misused = rc == 0;
	if (rc == 0)
		rc = err_set(err, ERR_INVALID, "say how: %s--value <json or "
			     "words>, or --edit; 'vvault conflicts' shows "
			     "what each says", buf_text(&words));
	buf_release(&words);
	buf_release(&word);
	return rc;
}

static int choose(struct resolving *resolving, struct choice *choice,
		  struct err *err)
{
	struct action_call *call = resolving->call;
	const char *take = action_text(call, "take");
	const char *value = action_text(call, "value");
	int rc;

	if (take)
		return choice_take(&resolving->settling, take, choice, err);
	if (value) {
		rc = choice_say(span_str(value), choice, err);
		call->is_misused = rc == ERR_INVALID;
		return rc;
	}
	if (!action_flag(call, "edit"))
		return choice_ask(&resolving->settling, choice, err);
	/* What has no text is left, where there is something to edit. */
	return choice->dispute->field.len || resolving->disputes.n == 1 ?
	       choice_edit(&resolving->settling, choice, err) : 0;
}

/* How many fields are meant? */
static size_t count_meant(const struct resolving *resolving)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < resolving->disputes.n; i++)
		n += resolving_means(resolving, &resolving->disputes.at[i]);
	return n;
}

static int check_meant(const struct resolving *resolving, struct err *err)
{
	struct action_call *call = resolving->call;
	size_t n = count_meant(resolving);
	bool is_told = action_text(call, "take") || action_text(call, "value") ||
		       action_flag(call, "edit");

	if (!n)
		return refuse_field(resolving, "no such field is in conflict",
				    err);
	if (n > 1 && action_text(call, "value"))
		return refuse_field(resolving, "one value for several fields: "
				    "name one with --field", err);
	return is_told || call->host->choose ? 0 :
	       refuse_unasked(resolving, err);
}

int resolving_choose(struct resolving *resolving, struct err *err)
{
	size_t i;
	int rc = check_meant(resolving, err);

	for (i = 0; rc == 0 && i < resolving->disputes.n; i++) {
		struct choice *choice = &resolving->choices[i];

		if (!resolving_means(resolving, choice->dispute))
			continue;
		rc = choose(resolving, choice, err);
		resolving->made += choice->is_made;
		resolving->deletes |= choice->is_made && choice->deletes;
	}
	if (rc == 0 && !resolving->made &&
	    action_text(resolving->call, "take"))
		return err_set(err, ERR_NOT_FOUND, "'%s' says nothing of what "
			       "is in conflict: 'vvault conflicts' shows who "
			       "does", action_text(resolving->call, "take"));
	return rc;
}
