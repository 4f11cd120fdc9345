#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/undo/undo.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"

struct gathering {
	struct vault *vault;
	const char *subject;	/* how theirs begin; NULL: of any */
	struct own_versions *found;
};

static int gather_version(void *arg, const struct version *version,
			  struct err *err)
{
	struct gathering *gathering = arg;
	struct version_note note = VERSION_NOTE_INIT;
	struct own_version *own;
	int rc;

	if (version->change != CHANGE_ADD ||
	    memcmp(version->device, gathering->vault->device.public,
		   DID_KEY_BYTES) != 0)
		return 0;
	rc = version_describe(gathering->vault, version, &note, err);
	if (rc == 0 && (!gathering->subject ||
			span_begins(buf_span(&note.subject),
				    gathering->subject))) {
		rc = array_room(gathering->found, err);
		if (rc == 0) {
			own = &gathering->found->at[gathering->found->n++];
			memcpy(own->construct, note.construct,
			       sizeof(own->construct));
			memcpy(own->ref_name, version->construct,
			       sizeof(own->ref_name));
			own->id = version->id;
			own->time = version->time;
		}
	}
	version_note_release(&note);
	return rc;
}

/* A walk goes back in time. A clock that was set back changes no order. */
static void turn_round(struct own_version *at, size_t n, size_t place)
{
	struct own_version kept;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		kept = at[i];
		at[i] = at[n - 1 - i];
		at[n - 1 - i] = kept;
	}
	for (i = 0; i < n; i++) {
		at[i].place = place + i;
		if (i && at[i].time < at[i - 1].time)
			at[i].time = at[i - 1].time;
	}
}

int undo_own_versions(struct vault *vault, const git_oid *head,
		      const git_oid *since, const char *subject,
		      struct own_versions *out, struct err *err)
{
	struct gathering gathering = { vault, subject, out };
	const struct history_visitor visitor = {
		gather_version, &gathering, NULL
	};
	const struct history_range range = { head, 1, since, 1 };
	size_t before = out->n;
	int rc = history_walk(vault->store, &range, &visitor, err);

	if (rc == 0 && out->n > before)
		turn_round(out->at + before, out->n - before, before);
	return rc;
}

void own_version_moved(struct operation *operation,
		       const struct own_version *version)
{
	const struct vault_move move = {
		.construct = version->construct,
		.ref_name = version->ref_name, .to = &version->id,
		.version = &version->id,
	};

	operation_moved(operation, &move);
}

static int gather_ref(struct action_call *call, struct span head,
		      const char *subject, struct err *err)
{
	struct vault *vault = call->vault;
	struct own_versions found = { NULL, 0, 0 };
	char ref[CONSTRUCT_NAME_MAX];
	char name[REF_NAME_MAX];
	struct span text;
	git_oid before;
	git_oid now;
	size_t i;
	int rc;

	if (!jcs_find_string(head, "ref", &text) || text.len >= sizeof(ref))
		return 0;
	memcpy(ref, text.at, text.len);
	ref[text.len] = '\0';
	if (!jcs_find_string(head, "at", &text) || text.len != GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&before, text.at, text.len) < 0 ||
	    head_ref_name(HEADS_PREFIX, ref, vault->device.name, name,
			  NULL) < 0 || !ref_read(vault->store, name, &now))
		return 0;
	rc = undo_own_versions(vault, &now, &before, subject, &found, err);
	for (i = 0; rc == 0 && i < found.n; i++)
		own_version_moved(call->operation, &found.at[i]);
	free(found.at);
	return rc;
}

int undo_gather(struct action_call *call, const struct operations *log,
		const struct logged *begun, const char *word, uint64_t number,
		struct err *err)
{
	char subject[64];
	struct span heads;
	struct span head;
	struct jcs_iter iter;
	int rc = 0;

	snprintf(subject, sizeof(subject), "%s #%llu: ",
		 word, (unsigned long long)number);
	if (!jcs_find(logged_json(log, begun), "heads", &heads))
		return 0;
	iter = jcs_iter_array(heads);
	while (rc == 0 && jcs_next(&iter, NULL, &head))
		rc = gather_ref(call, head, subject, err);
	return rc;
}
