#include "cmd/import/claude_code/queue.h"

#include <stdlib.h>

#include "cmd/import/records/injected.h"
#include "lib/base/array.h"
#include "lib/id/hash.h"

#define TRIED_MAX 64		/* prompts that are compared one by one */
#define PASTED "[Pasted text #"

/* What was typed of a text or of blocks of it, into queue->said. */
static int read_words(struct cc_queue *queue, const struct jval *content,
		      struct span *out, struct err *err)
{
	const struct jval *block = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : NULL;
	int rc = 0;

	buf_reset(&queue->said);
	if (jval_is(content, JVAL_STRING))
		rc = injected_words(jval_text(content), &queue->said, err);
	for (; rc == 0 && block; block = block->next) {
		if (!jval_is_text(jval_get(block, "type"), "text"))
			continue;
		if (queue->said.len)
			buf_put_str(&queue->said, "\n\n");
		rc = injected_words(jval_get_text(block, "text"),
				    &queue->said, err);
	}
	if (rc == 0)
		rc = buf_end(&queue->said, err);
	*out = span_trim(buf_span(&queue->said), SPAN_BLANKS);
	return rc;
}

static void id_of(uint32_t session, struct span words,
		  unsigned char out[CC_ID_BYTES])
{
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, CC_ID_BYTES);
	blake2b_add(&hash, &session, sizeof(session));
	blake2b_add(&hash, words.at, words.len);
	blake2b_finish(&hash, out);
}

/* All prompts of these words, or NULL. */
static struct cc_same *find_same(struct cc_queue *queue, uint32_t session,
				 struct span words)
{
	unsigned char id[CC_ID_BYTES];
	uint64_t found;

	id_of(session, words, id);
	return words.len && table_get(&queue->words, id, &found) ?
		&queue->same.at[found] : NULL;
}

/* Another prompt, the last, of its words. */
static int add_same(struct cc_queue *queue, uint32_t session, uint32_t at,
		    struct err *err)
{
	struct span words = queue->all.at[at].words;
	struct cc_same *same = find_same(queue, session, words);
	unsigned char id[CC_ID_BYTES];
	int rc;

	if (same) {
		queue->all.at[same->last].next = at;
		same->last = at;
		same->first = same->first == CC_NONE ? at : same->first;
		same->there = same->there == CC_NONE ? at : same->there;
		return 0;
	}
	rc = array_room(&queue->same, err);
	if (rc < 0)
		return rc;
	id_of(session, words, id);
	queue->same.at[queue->same.n] = (struct cc_same){ at, at, at };
	return table_put(&queue->words, id, queue->same.n++, err);
}

static int enqueue(struct cc_queue *queue, struct cc_skeleton *to,
		   uint32_t message, const struct jval *record,
		   struct err *err)
{
	struct cc_waiting *waiting;
	struct span words;
	int rc = read_words(queue, jval_get(record, "content"), &words, err);

	if (rc == 0)
		rc = array_room(&queue->all, err);
	if (rc < 0)
		return rc;
	waiting = &queue->all.at[queue->all.n];
	*waiting = (struct cc_waiting){ .message = message, .next = CC_NONE,
					.is_there = true };
	rc = arena_keep(&to->arena, words, &waiting->words, err);
	if (rc < 0)
		return rc;
	queue->all.n++;
	return words.len ? add_same(queue, to->messages.at[message].session,
				    (uint32_t)queue->all.n - 1, err) : 0;
}

/* The next one that leaves the queue: of these words, or the first. NULL:
 * none is there. */
static struct cc_waiting *take_out(struct cc_queue *queue,
				   struct cc_same *same, bool is_named)
{
	struct cc_waiting *waiting;

	if (is_named) {
		while (same && same->there != CC_NONE) {
			waiting = &queue->all.at[same->there];
			same->there = waiting->next;
			if (waiting->is_there)
				return waiting;
		}
		return NULL;
	}
	while (queue->first < queue->all.n) {
		waiting = &queue->all.at[queue->first++];
		if (waiting->is_there)
			return waiting;
	}
	return NULL;
}

/* What leaves the queue is sent, or goes back to where it was typed. */
static int leave(struct cc_queue *queue, uint32_t session,
		 const struct jval *record, struct err *err)
{
	const struct jval *operation = jval_get(record, "operation");
	struct span why = jval_get_text(record, "reason");
	bool is_all = jval_is_text(operation, "popAll");
	bool is_removed = jval_is_text(operation, "remove");
	bool is_back = is_all || (is_removed && why.len &&
				  !span_begins(why, "absorbed"));
	struct cc_waiting *waiting;
	struct cc_same *same;
	struct span words;
	int rc = read_words(queue, jval_get(record, "content"), &words, err);

	if (rc < 0)
		return rc;
	same = find_same(queue, session, words);
	do {
		waiting = take_out(queue, same, words.len > 0);
		if (waiting) {
			waiting->is_there = false;
			waiting->is_back = is_back;
			waiting->is_taken_up = is_removed;
			waiting->answers = queue->answers;
		}
	} while (waiting && is_all && !words.len);
	return 0;
}

/* Is a prompt these words, with what was pasted in the place of its mark? */
static bool is_pasted(struct span words, struct span prompt)
{
	size_t mark = span_find(words, PASTED, 0);
	size_t end = SPAN_NOWHERE;
	size_t at;
	size_t behind;

	for (at = mark; at != SPAN_NOWHERE;
	     at = span_find(words, PASTED, at + 1))
		end = span_find(words, "]", at);
	if (end == SPAN_NOWHERE)
		return false;
	behind = words.len - ++end;
	return prompt.len >= mark + behind &&
	       !memcmp(prompt.at, words.at, mark) &&
	       !memcmp(prompt.at + prompt.len - behind, words.at + end,
		       behind);
}

/*
 * May the prompt that stands in the talk be this one? What the turn on its way
 * took up comes as an attachment, or as nothing; a prompt of a turn of its
 * own that comes after answers is another of the same words.
 */
static bool is_open(const struct cc_queue *queue,
		    const struct cc_waiting *waiting, bool is_attached)
{
	return waiting->words.len && !waiting->is_told && !waiting->is_back &&
	       (is_attached || !waiting->is_taken_up ||
		waiting->answers == queue->answers);
}

/*
 * Several prompts may be sent as one, each on lines of its own. Those whose
 * words are the prompt's, from the first to the last; they are marked only if
 * they are all of it.
 */
static void find_joined(struct cc_queue *queue, struct span prompt,
			bool is_attached)
{
	size_t begin = queue->all.n > TRIED_MAX ? queue->all.n - TRIED_MAX : 0;
	uint64_t found = 0;
	size_t i;

	for (i = begin; i < queue->all.n; i++) {
		struct cc_waiting *waiting = &queue->all.at[i];
		struct span words = waiting->words;

		if (!is_open(queue, waiting, is_attached))
			continue;
		if (is_pasted(words, prompt)) {
			waiting->is_told = true;
			return;
		}
		if (prompt.len < words.len ||
		    memcmp(prompt.at, words.at, words.len) ||
		    (prompt.len > words.len && prompt.at[words.len] != '\n'))
			continue;
		found |= (uint64_t)1 << (i - begin);
		prompt = span_trim(span_of(prompt.at + words.len,
					 prompt.len - words.len), SPAN_BLANKS);
	}
	for (i = begin; !prompt.len && i < queue->all.n; i++) {
		if (found >> (i - begin) & 1)
			queue->all.at[i].is_told = true;
	}
}

/* The first of these that may be it. */
static struct cc_waiting *find_open(struct cc_queue *queue,
				    struct cc_same *same, bool is_attached)
{
	uint32_t at = same->first;
	unsigned tried;

	for (tried = 0; at != CC_NONE && tried < TRIED_MAX; tried++) {
		if (is_open(queue, &queue->all.at[at], is_attached))
			return &queue->all.at[at];
		/* Those in front that are known are never looked at again. */
		if (at == same->first && (queue->all.at[at].is_told ||
					  queue->all.at[at].is_back))
			same->first = queue->all.at[at].next;
		at = queue->all.at[at].next;
	}
	return NULL;
}

/* A prompt that stands in the talk: it is the one that was queued. */
static int find_told(struct cc_queue *queue, uint32_t session,
		     const struct jval *content, bool is_attached,
		     struct err *err)
{
	struct cc_waiting *waiting = NULL;
	struct cc_same *same;
	struct span words;
	int rc = read_words(queue, content, &words, err);

	if (rc < 0 || !words.len)
		return rc;
	same = find_same(queue, session, words);
	if (same)
		waiting = find_open(queue, same, is_attached);
	if (waiting)
		waiting->is_told = true;
	else
		find_joined(queue, words, is_attached);
	return 0;
}

int cc_queue_note(struct cc_queue *queue, struct cc_skeleton *to,
		  uint32_t message, const struct jval *record, struct err *err)
{
	const struct jval *queued = cc_queued(record);
	uint32_t session = to->messages.at[message].session;

	if (cc_is_type(record, "queue-operation"))
		return jval_is_text(jval_get(record, "operation"),
				    "enqueue") ?
			enqueue(queue, to, message, record, err) :
			leave(queue, session, record, err);
	queue->answers += cc_is_type(record, "assistant");
	if (!queue->all.n || !cc_is_typed(record) || cc_is_result(record))
		return 0;
	return find_told(queue, session, queued ? jval_get(queued, "prompt") :
			 jval_at(record, "message.content"), queued, err);
}

void cc_queue_settle(const struct cc_queue *queue, struct cc_skeleton *to)
{
	const struct cc_waiting *waiting;
	struct cc_message *message;
	size_t i;

	for (i = 0; i < queue->all.n; i++) {
		waiting = &queue->all.at[i];
		message = &to->messages.at[waiting->message];
		if (!waiting->words.len || waiting->is_told)
			continue;
		message->queued = waiting->is_back ? CC_TAKEN_BACK : CC_SAID;
		if (waiting->is_back)
			continue;
		message->kind = LINK_ANSWER;
		message->parent = LINK_UNSAID;
	}
}

void cc_queue_release(struct cc_queue *queue)
{
	free(queue->all.at);
	free(queue->same.at);
	table_release(&queue->words);
	buf_release(&queue->said);
}
