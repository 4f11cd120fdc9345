/*
 * The importer of ChatGPT exports: a zip archive or folder with
 * conversations.json, whole or in shards, and the files that messages show;
 * or conversations alone.
 *
 * Every node of a conversation becomes a message, the ones without a message
 * (the root) with visibility "meta", so that the tree is whole. What stays
 * the same while a conversation grows stays the same in the record:
 *
 *	index		the depth of the node; siblings are told apart by
 *	native.sibling	its place among its parent's children, where not 0
 *	native.message	the message without what other fields say
 *	native.author, native.content	of the message, likewise
 *	native.node	the node, likewise
 *	native.key	its key, where the entity spells it otherwise
 *	native.parent	its parent as written, where that is no node
 *	native.absent	members that the source has not, of those that an
 *			exporter writes: "message.id", "node.parent"
 *	assets		id of a file: its blob; a record of its own, so that
 *			a message is the same with and without its files
 *
 * (the members null as {"$raw":..}, see take_exact()), and in the session
 * native.conversation, native.key, native.absent, and native.children:
 * [node key, `children` as written], for nodes where the links say otherwise.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_CHATGPT_H
#define VV_CMD_IMPORT_CHATGPT_CHATGPT_H

#include "cmd/import/import.h"
#include "lib/json/jdoc.h"

#define CHATGPT_PROVIDER "chatgpt"

extern const struct importer chatgpt_importer;

/*
 * The member of a message's content that is its text, by its content_type:
 * "parts" for those whose text stands in parts; NULL for those that have none
 * or put it together from several members, and for unknown ones.
 */
const char *chatgpt_text_member(struct span content_type);

/* Could the part of a message be one that the importer made? Exporters leave
 * those out. */
bool chatgpt_is_own(const struct jval *part);

#endif
