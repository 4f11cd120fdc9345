#include "cmd/import/roleplay/chat_home.h"

#include "cmd/import/roleplay/card_home.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/path.h"

#define CHATS "chats/"

struct span chat_folder(const char *path)
{
	const char *file = path_base(path);
	const char *end = file > path ? file - 1 : path;
	const char *begin = end;
	size_t len = strlen(CHATS);

	while (begin > path && begin[-1] != '/')
		begin--;
	if ((size_t)(begin - path) < len || memcmp(begin - len, CHATS, len) ||
	    ((size_t)(begin - path) > len && begin[-(long)len - 1] != '/'))
		return span_of(NULL, 0);
	return span_of(begin, (size_t)(end - begin));
}

/* In which folder a session of the vault was. */
static bool read_folder(struct span state, struct namesake *out)
{
	struct span native;

	if (jcs_find(state, "native", &native))
		namesake_set_from(out, NAMESAKE_MAKER, native, "folder");
	return out->traits[NAMESAKE_MAKER].len != 0;
}

static const struct namesakes folders = {
	.what = "character", .is_certain = true, .by = "of the folder",
	.kind = "session", .read = read_folder,
};

/* What is found of a chat among the constructs of its name. */
struct chat_search {
	const struct chat_home *chat;
	char has_it[CONSTRUCT_NAME_MAX];	/* the very chat */
	char alike[CONSTRUCT_NAME_MAX];		/* a card that begins so */
	char of_folder[CONSTRUCT_NAME_MAX];
	size_t cards;
	size_t alike_n;
	struct buf names;	/* of those with cards */
	bool is_found;		/* scratch */
};

static int take_session(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct chat_search *search = arg;

	(void)err;
	search->is_found = entity->state.at != NULL;
	return 0;
}

static void keep_name(char out[CONSTRUCT_NAME_MAX], const char *name)
{
	if (!*out)
		memcpy(out, name, strlen(name) + 1);
}

static int see_card(void *arg, const struct namesake_seen *seen,
		    struct err *err)
{
	struct chat_search *search = arg;
	const struct view_visitor visitor = { take_session, search };
	int rc = 0;

	search->is_found = false;
	if (seen->view && search->chat->session.len)
		rc = view_one(seen->view, search->chat->session, &visitor,
			      err);
	if (search->is_found)
		keep_name(search->has_it, seen->construct);
	if (seen->opens_alike) {
		keep_name(search->alike, seen->construct);
		search->alike_n++;
	}
	if (seen->has_some)
		buf_putf(&search->names, "%s'%s'", search->cards++ ? ", " : "",
			 seen->construct);
	return rc;
}

static int see_folder(void *arg, const struct namesake_seen *seen,
		      struct err *err)
{
	struct chat_search *search = arg;

	(void)err;
	if (seen->is_kin)
		keep_name(search->of_folder, seen->construct);
	return 0;
}

static int decline(struct import_source *source,
		   const struct chat_search *search, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	int rc;

	buf_put_str(&text, "several characters are called ");
	buf_fail(&text, text_escape(&text, text_cut(search->chat->name,
						    NAMESAKE_SHOWN), 0, NULL));
	buf_putf(&text, " (%s), and the chat begins as none of them alone: "
		 "--construct says whose it is", buf_text(&search->names));
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = import_decline(source, buf_text(&text), NULL, err);
	buf_release(&text);
	return rc;
}

/* named: by its folder. */
static int settle_chat(struct import_job *job, struct import_source *source,
		       const struct chat_search *search,
		       const struct namesake_named *named, struct err *err)
{
	const char *found = *search->has_it ? search->has_it :
			    *search->of_folder ? search->of_folder :
			    search->alike_n == 1 ? search->alike : NULL;
	bool has_folder = named->who.traits[NAMESAKE_MAKER].len != 0;

	if (!found && search->cards > 1)
		return decline(source, search, err);
	if (!found && has_folder)
		return namesake_home(job, source, named, source->construct,
				     err);
	if (!found)
		return namesake_spare(job, source, err);
	memcpy(source->construct, found, strlen(found) + 1);
	return has_folder ? namesake_keep(job, named, found, err) : 0;
}

int chat_home(struct import_job *job, struct import_source *source,
	      const struct chat_home *chat, struct err *err)
{
	struct chat_search search = { .chat = chat, .names = BUF_INIT(2048) };
	const struct namesake_visitor cards = { see_card, &search };
	const struct namesake_visitor chats = { see_folder, &search };
	char base[CONSTRUCT_NAME_MAX];
	struct namesake_named named = {
		.kind = &card_characters, .who = chat->begin,
		.name = chat->name, .base = base,
	};
	struct namesake_named of_folder = {
		.kind = &folders, .name = chat->name, .base = base,
	};
	int rc;

	if (job->options.construct || !job->vault)
		return 0;
	memcpy(base, source->construct, sizeof(base));
	namesake_set(&of_folder.who, NAMESAKE_MAKER,
		     chat_folder(source->input.path));
	rc = namesakes_each(job, &named, &cards, err);
	if (rc == 0 && of_folder.who.traits[NAMESAKE_MAKER].len)
		rc = namesakes_each(job, &of_folder, &chats, err);
	if (rc == 0)
		rc = settle_chat(job, source, &search, &of_folder, err);
	buf_release(&search.names);
	return rc;
}
