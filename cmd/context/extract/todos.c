#include "cmd/context/extract/extract_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

/*
 * Lists of things to do: most agents set the whole list at once (TodoWrite,
 * todowrite, update_plan, write_todos), newer ones add to it and change it by
 * its numbers (TaskCreate, TaskUpdate).
 */

struct todo {
	struct span text;	/* JSON texts, of the passage */
	struct span status;
	size_t turn;
	int64_t number;		/* by which it is changed; 0: none */
};

struct todos {
	struct todo *at;
	size_t n;
	size_t cap;
	int64_t created;	/* by TaskCreate, so far */
};

static bool find_any(struct span object, const char *const *names,
		     struct span *out)
{
	for (; *names; names++) {
		if (jcs_find(object, *names, out))
			return true;
	}
	return false;
}

static const char *const texts[] = { "content", "step", "subject", "title",
				     "description", "text", NULL };

/* Is it a list of objects of which each has a text and a status? */
static bool is_list(struct span list)
{
	struct jcs_iter iter = jcs_iter_array(list);
	struct span item;
	struct span value;

	if (jcs_type_of(list) != JCS_ARRAY)
		return false;
	while (jcs_next(&iter, NULL, &item)) {
		if (!find_any(item, texts, &value) ||
		    !jcs_find(item, "status", &value))
			return false;
	}
	return true;
}

static bool find_list(struct span input, struct span *out)
{
	static const char *const lists[] = { "todos", "plan", "items",
					     "tasks", NULL };

	return find_any(input, lists, out) && is_list(*out);
}

static int add_todos(struct todos *todos, const struct todo *todo,
		     struct err *err)
{
	int rc = array_room(todos, err);

	if (rc == 0)
		todos->at[todos->n++] = *todo;
	return rc;
}

static int set_list(struct todos *todos, struct span list, size_t turn,
		    struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(list);
	struct todo todo = { .turn = turn };
	struct span item;
	int rc = 0;

	todos->n = 0;
	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		(void)find_any(item, texts, &todo.text);
		(void)jcs_find(item, "status", &todo.status);
		rc = add_todos(todos, &todo, err);
	}
	return rc;
}

/* "Task #3 created": the number that it got; else they are counted. */
static int64_t number_of(const struct todos *todos, struct span result)
{
	size_t at = span_find(result, "#", 0);
	int64_t number = 0;

	while (at != SPAN_NOWHERE && ++at < result.len && number < 100000 &&
	       result.at[at] >= '0' && result.at[at] <= '9')
		number = number * 10 + (result.at[at] - '0');
	return number ? number : todos->created;
}

static int create(struct todos *todos, const struct extract_call *at,
		  struct err *err)
{
	struct todo todo = { .turn = at->turn,
			     .status = span_str("\"pending\"") };

	todos->created++;
	if (!find_any(at->call->input, (const char *const[]){
			"subject", "content", "title", NULL }, &todo.text))
		return 0;
	todo.number = number_of(todos, at->call->result);
	return add_todos(todos, &todo, err);
}

static void update(struct todos *todos, const struct extract_call *at)
{
	struct span id;
	struct span value;
	int64_t number = 0;
	size_t i;

	if (!find_any(at->call->input, (const char *const[]){
			"taskId", "task_id", "id", NULL }, &id))
		return;
	if (jcs_type_of(id) == JCS_STRING)
		id = jcs_string_inner(id);
	(void)jcs_integer(id, &number);
	for (i = 0; number && i < todos->n; i++) {
		if (todos->at[i].number != number)
			continue;
		if (jcs_find(at->call->input, "status", &value))
			todos->at[i].status = value;
		if (jcs_find(at->call->input, "subject", &value))
			todos->at[i].text = value;
		todos->at[i].turn = at->turn;
	}
}

static int read_call(struct todos *todos, const struct extract_call *at,
		     struct err *err)
{
	struct span name = at->call->name;
	struct span list;

	if (at->call->is_error)
		return 0;
	if (find_list(at->call->input, &list))
		return set_list(todos, list, at->turn, err);
	if (span_equals(name, span_str("TaskCreate")))
		return create(todos, at, err);
	if (span_equals(name, span_str("TaskUpdate")))
		update(todos, at);
	return 0;
}

static bool is_done(const struct todo *todo)
{
	static const char *const words[] = { "completed", "done", "cancelled",
					     "deleted", NULL };
	size_t i;

	for (i = 0; words[i]; i++) {
		if (jcs_is_text(todo->status, words[i]))
			return true;
	}
	return false;
}

/* What is open is kept first. */
static int tell_todos(const struct extracting *extracting,
		      const struct todo *todo,
		size_t nth, struct err *err)
{
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	extract_put_words(&head, todo->status);
	extract_put_words(&text, todo->text);
	rc = buf_end(&head, err);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = extract_add(extracting, todo->turn, buf_span(&head),
				 buf_span(&text), nth +
				 (is_done(todo) ? (size_t)1 << 20 : 0), err);
	buf_release(&head);
	buf_release(&text);
	return rc;
}

int extract_todos(const struct extracting *extracting, struct err *err)
{
	struct extract_walk walk = { .passage = extracting->passage };
	struct todos todos = { NULL, 0, 0, 0 };
	struct extract_call at;
	size_t i;
	int rc = 0;

	brief_section(extracting->brief, "todos", "Things to do", "things to "
		      "do", 8);
	while (rc == 0 && extract_next(&walk, &at))
		rc = read_call(&todos, &at, err);
	/* A list that is kept apart is that of now. */
	if (rc == 0 && extracting->todos.len && is_list(extracting->todos))
		rc = set_list(&todos, extracting->todos,
			      extracting->passage->n, err);
	for (i = 0; rc == 0 && i < todos.n; i++)
		rc = tell_todos(extracting, &todos.at[i], i, err);
	free(todos.at);
	return rc;
}
