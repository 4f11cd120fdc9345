#include "cmd/watch/watch_internal.h"

#include <stdio.h>
#include <string.h>

#include "cmd/action/result.h"
#include "lib/base/xxh.h"
#include "lib/time/timestamp.h"

/* Others may be at it for so long before a word is said of it. */
#define BUSY_TOLD_MS 60000

int tell(struct watch *watch, const char *event, struct jcs_fields *fields,
	 struct err *err)
{
	int rc;

	fields_str(fields, "event", event);
	result_micros(fields, "at", timestamp_now());
	rc = host_object(watch->call->host, fields, err);
	/* Whoever reads along is to see it now; who has gone needs nothing. */
	fflush(stdout);
	return rc;
}

static bool was_told(struct watch *watch, uint64_t hash)
{
	size_t i;

	for (i = 0; i < TELL_ONCE && i < watch->told_n; i++) {
		if (watch->told[i] == hash)
			return true;
	}
	watch->told[watch->told_n++ % TELL_ONCE] = hash;
	return false;
}

static uint64_t hash_of(const char *event, const char *what,
			struct span sentence)
{
	const uint64_t words[] = {
		xxh64_of(event, strlen(event)), xxh64_of(what, strlen(what)),
		xxh64_of(sentence.at, sentence.len)
	};

	return xxh64_of(words, sizeof(words)) | 1;
}

static int tell_sentence(struct watch *watch, const char *event,
			 const char *what, struct span sentence,
			 struct jcs_fields *fields, struct err *err)
{
	char text[ERR_TEXT_MAX];
	int rc;

	snprintf(text, sizeof(text), "%.*s", (int)sentence.len, sentence.at);
	result_outside(fields, "what", *what ? what : NULL);
	result_outside(fields, "message", text);
	rc = tell(watch, event, fields, err);
	jcs_fields_release(fields);
	return rc;
}

int tell_once(struct watch *watch, const char *event, const char *what,
	      struct span sentence, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (was_told(watch, hash_of(event, what, sentence)))
		return 0;
	return tell_sentence(watch, event, what, sentence, &fields, err);
}

/* A vault that is in use is no trouble before it lasts. */
static bool is_worth_telling(struct trouble *trouble, const struct err *why)
{
	int64_t now = pulse_now();

	if (why->code != ERR_LOCKED)
		return true;
	if (trouble->busy_since < 0)
		trouble->busy_since = now;
	return now - trouble->busy_since >= BUSY_TOLD_MS;
}

int tell_failure(struct watch *watch, struct trouble *trouble,
		 const char *what, const struct err *why, int64_t again_ms,
		 struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	/* By its kind: the sentence may name another file each time. */
	if (why->code == trouble->told || !is_worth_telling(trouble, why))
		return 0;
	trouble->told = why->code;
	fields_integer(&fields, "again", again_ms / 1000);
	return tell_sentence(watch, "failed", what, span_str(why->text),
			     &fields, err);
}

int tell_success(struct watch *watch, struct trouble *trouble,
		 const char *what, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	bool was_failing = trouble->told != 0;
	int rc = 0;

	trouble->told = 0;
	trouble->busy_since = -1;
	if (was_failing) {
		result_outside(&fields, "what", what);
		rc = tell(watch, "recovered", &fields, err);
		jcs_fields_release(&fields);
	}
	return rc;
}
