// usage: node model.js <log> <port>
// A server in place of those of models, as agents call them: OpenAI's responses
// and chat completions, Anthropic's messages, Gemini's generateContent. Each
// request becomes a line of <log>, {"path","body"}; each is answered with
// "Mock answer <n>.", streamed where that is asked for.
'use strict';
const fs = require('fs');
const http = require('http');
const zlib = require('zlib');

const [log, port] = process.argv.slice(2);
let asked = 0;

function unpack(bytes, encoding) {
	const ways = {
		gzip: zlib.gunzipSync, deflate: zlib.inflateSync,
		br: zlib.brotliDecompressSync, zstd: zlib.zstdDecompressSync,
	};
	return ways[encoding] ? ways[encoding](bytes) : bytes;
}

// Events of a stream: an object is data, a pair has a name before it.
function stream(response, events) {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	for (const event of events) {
		const [name, data] = Array.isArray(event) ? event : [null, event];
		const text = typeof data === 'string' ? data : JSON.stringify(data);
		response.write(`${name ? `event: ${name}\n` : ''}data: ${text}\n\n`);
	}
	response.end();
}

function whole(response, value) {
	response.writeHead(200, { 'content-type': 'application/json' });
	response.end(JSON.stringify(value));
}

function responses(body, response, text) {
	const id = `resp_${asked}`;
	const item = {
		type: 'message', id: `msg_${asked}`, role: 'assistant',
		content: [{ type: 'output_text', text, annotations: [] }],
	};
	const usage = {
		input_tokens: 10, input_tokens_details: { cached_tokens: 0 },
		output_tokens: 3, output_tokens_details: { reasoning_tokens: 0 },
		total_tokens: 13,
	};
	const done = { id, output: [item], usage };
	const event = (type, more) => [type, { type, ...more }];

	if (!body.stream)
		return whole(response, done);
	stream(response, [
		event('response.created', { response: { id } }),
		event('response.output_item.added', { output_index: 0, item }),
		event('response.output_item.done', { output_index: 0, item }),
		event('response.completed', { response: done }),
	]);
}

function completions(body, response, text) {
	const about = { id: `c${asked}`, created: 1, model: body.model };
	const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 };
	const message = { role: 'assistant', content: text };

	if (!body.stream)
		return whole(response, { ...about, object: 'chat.completion', usage,
			choices: [{ index: 0, message, finish_reason: 'stop' }] });
	const piece = (choices, more) => ({ ...about,
		object: 'chat.completion.chunk', choices, ...more });
	stream(response, [
		piece([{ index: 0, delta: message, finish_reason: null }]),
		piece([{ index: 0, delta: {}, finish_reason: 'stop' }]),
		piece([], { usage }), '[DONE]',
	]);
}

function messages(body, response, text) {
	const usage = { input_tokens: 10, output_tokens: 3 };
	const message = {
		id: `msg_${asked}`, type: 'message', role: 'assistant',
		model: body.model, content: [{ type: 'text', text }],
		stop_reason: 'end_turn', stop_sequence: null, usage,
	};
	const event = (type, more) => [type, { type, ...more }];

	if (!body.stream)
		return whole(response, message);
	stream(response, [
		event('message_start', { message: { ...message, content: [],
			stop_reason: null } }),
		event('content_block_start', { index: 0,
			content_block: { type: 'text', text: '' } }),
		event('content_block_delta', { index: 0,
			delta: { type: 'text_delta', text } }),
		event('content_block_stop', { index: 0 }),
		event('message_delta', { delta: { stop_reason: 'end_turn',
			stop_sequence: null }, usage }),
		event('message_stop', {}),
	]);
}

// Some want JSON, for a decision of the program's own.
function gemini(body, response, text, isStream) {
	const wants = body.generationConfig || {};
	const isJson = wants.responseMimeType === 'application/json' ||
		wants.responseJsonSchema;
	const answer = {
		candidates: [{ index: 0, finishReason: 'STOP', content: {
			role: 'model', parts: [{ text: isJson ? '{}' : text }] } }],
		usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3,
			totalTokenCount: 13 },
		modelVersion: 'mock',
	};

	return isStream ? stream(response, [answer]) : whole(response, answer);
}

function answer(path, body, response) {
	const text = `Mock answer ${asked}.`;

	if (path.endsWith('/responses'))
		responses(body, response, text);
	else if (path.endsWith('/chat/completions'))
		completions(body, response, text);
	else if (path.endsWith('/messages'))
		messages(body, response, text);
	else if (/:(stream)?generateContent$/i.test(path))
		gemini(body, response, text, path.includes(':stream'));
	else if (path.endsWith('/models'))
		whole(response, { object: 'list', has_more: false, data: [
			{ id: 'mock-model', object: 'model', type: 'model' }] });
	else if (path.endsWith('count_tokens') || path.endsWith(':countTokens'))
		whole(response, { input_tokens: 10, totalTokens: 10 });
	else
		whole(response, {});
}

http.createServer((request, response) => {
	const pieces = [];

	request.on('data', (piece) => pieces.push(piece));
	request.on('end', () => {
		const path = request.url.split('?')[0];
		let body = {};

		try {
			body = JSON.parse(unpack(Buffer.concat(pieces),
				request.headers['content-encoding']));
		} catch (error) {
			body = {};
		}
		asked++;
		fs.appendFileSync(log, `${JSON.stringify({ path, body })}\n`);
		answer(path, body, response);
	});
}).listen(Number(port), '127.0.0.1');
