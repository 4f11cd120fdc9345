#include "cmd/action/resume/again.h"

#include <string.h>

#include "cmd/action/capture/bring.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/copies.h"
#include "cmd/resume/compare.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

/* --- names ----------------------------------------------------------------- */

/* P and C of session:P:C. */
static struct span part_of(struct span session, unsigned which)
{
	size_t start = sizeof("session:") - 1;
	size_t end = span_find(session, ":", start);

	if (end == SPAN_NOWHERE)
		return span_of(NULL, 0);
	return which ? span_of(session.at + end + 1, session.len - end - 1) :
	       span_of(session.at + start, end - start);
}

struct span again_provider(const struct resuming *resuming)
{
	return part_of(buf_span(&resuming->transcript.entity), 0);
}

bool again_is_native(const struct resuming *resuming)
{
	return span_equals(again_provider(resuming),
			   span_str(resuming->on.writer->name));
}

/* May it be a file's name and a word of a command, where '-' would begin an
 * option, and is it no longer than a UUID? */
static bool is_usable(struct span id)
{
	size_t i;

	if (!id.len || id.at[0] == '-' || id.at[0] == '_')
		return false;
	for (i = 0; i < id.len; i++) {
		char c = id.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return id.len < 37;
}

static void hash_text(struct blake2b *hash, struct span text)
{
	uint64_t len = text.len;

	blake2b_add(hash, &len, sizeof(len));
	blake2b_add(hash, text.at, text.len);
}

static void hash_piece(struct blake2b *hash,
		       const struct passage_piece *piece)
{
	const struct passage_call *call = &piece->call;
	size_t i;

	hash_text(hash, piece->text);
	hash_text(hash, call->id);
	hash_text(hash, call->name);
	hash_text(hash, call->input);
	hash_text(hash, call->result);
	hash_text(hash, span_of(piece->file.digest, SHA256_BYTES));
	for (i = 0; i < call->files_n; i++)
		hash_text(hash, span_of(call->files[i].digest, SHA256_BYTES));
}

void again_made_id(struct resuming *resuming)
{
	const struct passage *passage = &resuming->made.passage;
	struct resume_target *target = &resuming->on.target;
	struct blake2b hash;
	unsigned char digest[32];
	char name[65];
	size_t i;
	size_t k;

	blake2b_init(&hash, NULL, 0, sizeof(digest));
	hash_text(&hash, passage->session);
	hash_text(&hash, passage->title);
	hash_text(&hash, span_str(resuming->on.writer->name));
	hash_text(&hash, span_str(target->cwd));
	for (i = 0; i < passage->n; i++) {
		const struct passage_turn *turn = &passage->turns[i];

		hash_text(&hash, turn->entity);
		hash_text(&hash, span_of(&turn->created,
					 sizeof(turn->created)));
		for (k = 0; k < turn->n; k++)
			hash_piece(&hash, &turn->pieces[k]);
	}
	blake2b_finish(&hash, digest);
	hex_text(digest, sizeof(digest), name);
	/* resume_uuid() makes one of it, as of any id. */
	memcpy(target->id, name, 36);
	target->id[36] = '\0';
	resume_uuid(target, "session", 0, target->id);
}

/* --- its own agent --------------------------------------------------------- */

/* A file of the agent that has the id in its path; NULL: none. */
static const struct find_file *find_id(const struct finds *finds,
				       const char *id)
{
	size_t i;

	for (i = 0; i < finds->files.n; i++) {
		if (!finds->files.at[i].is_part &&
		    strstr(finds->files.at[i].path, id))
			return &finds->files.at[i];
	}
	return NULL;
}

/* Does what lies there say the same as the session? */
static int is_whole(const struct resuming *resuming, const char *path,
		    bool *out, struct err *err)
{
	struct read_back there = READ_BACK_INIT;
	struct err why = ERR_INIT;
	int rc = read_there(resuming->call, path, &resuming->on, &there, &why);

	if (rc == 0)
		rc = passage_compare(&resuming->made.passage,
				     &there.made.passage,
				     resuming->on.writer->lacks, NULL, &why);
	*out = rc == 0;
	read_back_release(&there);
	return rc == ERR_NOMEM ? err_copy(err, rc, &why) : 0;
}

/* Would it be written there? */
static bool is_file(const struct resume_out *out, struct span path)
{
	struct buf ours = PATH_BUF_INIT;
	bool is_same = false;
	size_t i;

	for (i = 0; i < out->files.n && !is_same; i++) {
		buf_reset(&ours);
		buf_put_span(&ours, buf_span(&out->files.at[i].path));
		(void)!file_settle(&ours, NULL);
		is_same = span_equals(buf_span(&ours), path);
	}
	buf_release(&ours);
	return is_same;
}

/* One that was made before, and may have been gone on with since. */
static int try_copy(void *arg, struct span copy, struct span path,
		    struct err *err)
{
	struct resuming *resuming = arg;
	struct going_on *on = &resuming->on;
	struct span id = part_of(copy, 1);
	struct buf file = PATH_BUF_INIT;
	bool is_same = false;
	int rc = 0;

	if (!span_equals(part_of(copy, 0), span_str(on->writer->importer ?
			 on->writer->importer : on->writer->name)) ||
	    !is_usable(id) || buf_add_span(&file, path, NULL) < 0 ||
	    !file_exists(buf_text(&file)))
		goto out;
	memcpy(on->target.id, id.at, id.len);
	on->target.id[id.len] = '\0';
	resume_out_release(&resuming->out);
	rc = resume_write(on->writer, &resuming->made.passage, &on->target,
			  &resuming->out, err);
	if (rc == 0 && is_file(&resuming->out, path))
		rc = is_whole(resuming, buf_text(&file), &is_same, err);
	if (rc == 0 && is_same) {
		resuming->state = "here";
		rc = ERR_CANCELED;
	}
out:
	buf_release(&file);
	return rc;
}

int again_find_copy(struct resuming *resuming, struct err *err)
{
	const struct copies_visitor visitor = { try_copy, resuming };
	int rc = copies_each(resuming->call->vault,
			     resuming->made.passage.session, &visitor, err);

	return resuming->state ? 0 : rc;
}

static int look_for(struct resuming *resuming, bool *out_is_here,
		    struct err *err)
{
	const struct agent_home home = bring_home(resuming->call);
	struct going_on *on = &resuming->on;
	struct finds finds = FINDS_INIT;
	const struct find_file *file = NULL;
	bool is_same = false;
	int rc = finds_look(&finds, on->agent, &home, err);

	if (rc == 0)
		file = find_id(&finds, on->target.id);
	*out_is_here = file != NULL;
	if (file)
		rc = is_whole(resuming, file->path, &is_same, err);
	if (rc == 0 && is_same && !on->is_mapped) {
		rc = resume_write(on->writer, &resuming->made.passage,
				  &on->target, &resuming->out, err);
		resuming->state = "here";
	}
	finds_release(&finds);
	return rc;
}

int again_own_id(struct resuming *resuming, bool *out_is_usable,
		 bool *out_is_here, struct err *err)
{
	struct span id = part_of(buf_span(&resuming->transcript.entity), 1);
	const char *prefix = resuming->on.writer->id_prefix;

	*out_is_here = false;
	*out_is_usable = resuming->is_native && resuming->on.agent &&
			 is_usable(id) && (beside_is_uuid(id) ||
				(!resuming->on.writer->wants_uuid &&
				 span_begins(id, prefix ? prefix : "")));
	if (!*out_is_usable)
		return 0;
	memcpy(resuming->on.target.id, id.at, id.len);
	resuming->on.target.id[id.len] = '\0';
	return look_for(resuming, out_is_here, err);
}
