#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/undo/undo.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"

struct made {
	char construct[CONSTRUCT_NAME_MAX];
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid id;
};

struct gathering {
	struct vault *vault;
	const char *subject;	/* how theirs begin; NULL: of any */
	struct {
		struct made *at;
		size_t n;
		size_t cap;
	} made;
};

static int gather_version(void *arg, const struct version *version,
			  struct err *err)
{
	struct gathering *gathering = arg;
	struct version_note note = VERSION_NOTE_INIT;
	struct made *made;
	int rc;

	if (version->change != CHANGE_ADD ||
	    memcmp(version->device, gathering->vault->device.public,
		   DID_KEY_BYTES) != 0)
		return 0;
	rc = version_describe(gathering->vault, version, &note, err);
	if (rc == 0 && (!gathering->subject ||
			span_begins(buf_span(&note.subject),
				    gathering->subject))) {
		rc = array_room(&gathering->made, err);
		if (rc == 0) {
			made = &gathering->made.at[gathering->made.n++];
			memcpy(made->construct, note.construct,
			       sizeof(made->construct));
			memcpy(made->ref_name, version->construct,
			       sizeof(made->ref_name));
			made->id = version->id;
		}
	}
	version_note_release(&note);
	return rc;
}

int undo_own_versions(struct vault *vault, const git_oid *head,
		      const git_oid *since, const char *subject,
		      struct operation *operation, struct err *err)
{
	struct gathering gathering = { .vault = vault, .subject = subject };
	const struct history_visitor visitor = {
		gather_version, &gathering, NULL
	};
	const struct history_range range = { head, 1, since, 1 };
	int rc = history_walk(vault->store, &range, &visitor, err);

	/* The walk goes back in time, and undoing begins with the last. */
	while (rc == 0 && gathering.made.n) {
		const struct made *made =
			&gathering.made.at[--gathering.made.n];
		const struct vault_move move = {
			.construct = made->construct,
			.ref_name = made->ref_name, .to = &made->id,
			.version = &made->id,
		};

		operation_moved(operation, &move);
	}
	free(gathering.made.at);
	return rc;
}

static int gather_ref(struct action_call *call, struct span head,
		      const char *subject, struct err *err)
{
	struct vault *vault = call->vault;
	char ref[CONSTRUCT_NAME_MAX];
	char name[REF_NAME_MAX];
	struct span text;
	git_oid before;
	git_oid now;

	if (!jcs_find_string(head, "ref", &text) || text.len >= sizeof(ref))
		return 0;
	memcpy(ref, text.at, text.len);
	ref[text.len] = '\0';
	if (!jcs_find_string(head, "at", &text) || text.len != GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&before, text.at, text.len) < 0 ||
	    head_ref_name(HEADS_PREFIX, ref, vault->device.name, name,
			  NULL) < 0 || !ref_read(vault->store, name, &now))
		return 0;
	return undo_own_versions(vault, &now, &before, subject,
				 call->operation, err);
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
