// usage: node received.js <log> <told> <prompt>
// Was a model given all that <told> says (as tests/resume's checkers tell it),
// in that order, each once, and then the prompt? <log> is of model.js. Prints
// what is missing and exits 1.
'use strict';
const fs = require('fs');

const [log, told, prompt] = process.argv.slice(2);
const lines = (file) => fs.readFileSync(file, 'utf8').split('\n')
	.filter((line) => line).map((line) => JSON.parse(line));

function sorted(value) {
	if (Array.isArray(value))
		return value.map(sorted);
	if (!value || typeof value !== 'object')
		return value;
	return Object.fromEntries(Object.keys(value).sort()
		.map((name) => [name, sorted(value[name])]));
}

// Arguments come as a text or as an object.
function call(name, input, id) {
	const object = typeof input === 'string' ? JSON.parse(input || '{}') : input;

	return ['assistant', 'call', `${name} ${JSON.stringify(sorted(object || {}))}`, id];
}

const words = (content) => typeof content === 'string' ? content :
	(content || []).map((part) => part.text || '').join('\n');

// What each interface calls a message, as [role, kind, text, id]...
function ofMessage(message) {
	const items = [];

	if (message.role === 'system' || message.role === 'developer')
		return items;
	if (message.role === 'tool')
		return [['tool', 'result', words(message.content), message.tool_call_id]];
	const parts = typeof message.content === 'string' ?
		[{ type: 'text', text: message.content }] : message.content || [];
	for (const part of parts) {
		if (part.type === 'tool_use')
			items.push(call(part.name, part.input, part.id));
		else if (part.type === 'tool_result')
			items.push(['tool', 'result', words(part.content), part.tool_use_id]);
		else
			items.push([message.role, 'text', part.text || '']);
	}
	for (const one of message.tool_calls || [])
		items.push(call(one.function.name, one.function.arguments, one.id));
	return items;
}

function ofItem(item) {
	if (item.type === 'function_call')
		return [call(item.name, item.arguments, item.call_id)];
	if (item.type === 'function_call_output')
		return [['tool', 'result', words(item.output), item.call_id]];
	return item.type === 'message' || item.role ? ofMessage(item) : [];
}

function ofContent(content) {
	return content.parts.map((part) => {
		const response = part.functionResponse;

		if (part.functionCall)
			return call(part.functionCall.name, part.functionCall.args,
				part.functionCall.id);
		if (response)
			return ['tool', 'result', response.response.output ||
				response.response.error || '', response.id];
		return [content.role === 'model' ? 'assistant' : 'user', 'text',
			part.text || ''];
	});
}

function given(body) {
	if (body.messages)
		return body.messages.flatMap(ofMessage);
	if (Array.isArray(body.input))
		return body.input.flatMap(ofItem);
	return (body.contents || []).flatMap(ofContent);
}

const requests = lines(log).map((line) => line.body)
	.filter((body) => JSON.stringify(body).includes(prompt));
const request = requests.find((body) => body.tools) || requests[0];
const got = request ? given(request) : [];
const bare = (text) => text.replace(/\s+/g, '');
let at = 0;
let broken = !request;

if (!request)
	console.log('no request has the prompt');

// Texts may be divided, or have others around them that the program adds; so
// may results, where a picture is told of.
function find(want) {
	const [role, kind, text, id] = want;
	let left = bare(text);

	for (let i = at; i < got.length; i++) {
		if (got[i][0] !== role || got[i][1] !== kind)
			continue;
		const has = bare(got[i][2]);
		if (kind !== 'text') {
			if ((kind === 'call' ? has === left : has.includes(left)) &&
			    (!id || got[i][3] === id))
				return i + 1;
		} else if (has.includes(left)) {
			return i + 1;
		} else if (has && left.startsWith(has)) {
			left = left.slice(has.length);
		}
	}
	return 0;
}

const wanted = lines(told);
for (const want of [...wanted, ['user', 'text', prompt]]) {
	const next = find(want);

	if (!next) {
		console.log(`the model was not given, in its place: ${JSON.stringify(want)}`);
		broken = true;
	} else {
		at = next;
	}
}
for (const kind of ['call', 'result']) {
	const n = (list) => list.filter((item) => item[1] === kind).length;

	if (n(got) !== n(wanted)) {
		console.log(`of ${kind}s the model was given ${n(got)}, not ${n(wanted)}`);
		broken = true;
	}
}
if (broken)
	got.forEach((item) => console.log(`  ${JSON.stringify(item).slice(0, 300)}`));
process.exit(broken ? 1 : 0);
