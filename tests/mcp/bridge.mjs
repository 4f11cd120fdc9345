// A bridge from HTTP, which the official conformance suite speaks, to a server
// on standard input and output: each session has a process of its own.
//
// bridge.mjs <port> <command> [<word>...]
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';

const [port, command, ...args] = process.argv.slice(2);
const sessions = new Map();

function begin() {
	const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
	const session = { child, id: randomUUID(), waiting: new Map() };

	createInterface({ input: child.stdout }).on('line', line => {
		const key = JSON.stringify(JSON.parse(line).id);
		session.waiting.get(key)?.(line);
		session.waiting.delete(key);
	});
	sessions.set(session.id, session);
	return session;
}

const alone = begin();

function answer(session, text) {
	const message = JSON.parse(text);
	const line = JSON.stringify(message) + '\n';

	if (message.id === undefined) {
		session.child.stdin.write(line);
		return undefined;
	}
	return new Promise(resolve => {
		session.waiting.set(JSON.stringify(message.id), resolve);
		session.child.stdin.write(line);
	});
}

createServer(async (request, response) => {
	let text = '';

	for await (const piece of request)
		text += piece;
	if (request.method === 'DELETE') {
		const session = sessions.get(request.headers['mcp-session-id']);
		session?.child.stdin.end();
		return response.writeHead(200).end();
	}
	if (request.method !== 'POST')
		return response.writeHead(405).end();
	try {
		const isFirst = JSON.parse(text).method === 'initialize';
		const session = isFirst ? begin() :
			sessions.get(request.headers['mcp-session-id']) ?? alone;
		const line = await answer(session, text);

		if (line === undefined)
			return response.writeHead(202).end();
		response.writeHead(200, { 'content-type': 'application/json',
			...(isFirst ? { 'mcp-session-id': session.id } : {}) });
		response.end(line);
	} catch {
		response.writeHead(400).end();
	}
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
