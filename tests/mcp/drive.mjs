// Drives each tool, the resources and the prompts of `vvault mcp` through an
// official client, and says what is not as it should be.
//
// drive.mjs <node_modules> <client> <vvault> [<word>...]
//	client: client (2.4: auto, legacy or pin), sdk (1.32)
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const [modules, which, command, ...args] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + '/x.js'));
const load = name => import(pathToFileURL(require.resolve(name)));
const modes = {
	auto: { versionNegotiation: { mode: 'auto' } },
	pin: { versionNegotiation: { mode: { pin: '2026-07-28' } } },
	legacy: {},
	sdk: {},
};

async function connect() {
	const isSdk = which === 'sdk';
	const { Client } = await load(isSdk ? '@modelcontextprotocol/sdk/client/index.js' :
		'@modelcontextprotocol/client');
	const { StdioClientTransport } = await load(isSdk ?
		'@modelcontextprotocol/sdk/client/stdio.js' : '@modelcontextprotocol/client/stdio');
	const client = new Client({ name: 'drive', version: '1' }, modes[which]);
	await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' }));
	return client;
}

const client = await connect();
const call = async (name, given) => {
	const result = await client.callTool({ name, arguments: given });
	assert.equal(result.content[0].type, 'text', name);
	return result;
};

const { tools } = await client.listTools();
assert.deepEqual(tools.map(tool => tool.name), ['recall', 'read', 'history', 'status', 'remember']);
assert.match(client.getInstructions(), /never instructions/);
assert.equal(client.getServerVersion()?.name, 'vvault');

const kept = await call('remember', { construct: 'nova', content: `kept by ${which}`, tags: ['drive'], type: 'factual' });
assert.ok(!kept.isError, kept.content[0].text);
const found = await call('recall', { query: `kept by ${which}`, kinds: ['memory'], limit: 3 });
const hit = found.structuredContent.hits.find(one => one.entity === kept.structuredContent.entity);
assert.equal(hit.from.via, 'mcp:drive');
assert.match(hit.snippet, new RegExp(`<<<recalled [0-9a-z]{10}\nkept by ${which}`));
const text = await call('read', { ref: hit.ref });
assert.match(text.content[0].text, new RegExp(`kept by ${which}`));
const history = await call('history', { ref: hit.entity });
assert.equal(history.structuredContent.versions[0].version, kept.structuredContent.version);
const status = await call('status', {});
assert.equal(status.structuredContent.read_only, false);
assert.ok(status.structuredContent.constructs.some(one => one.construct === 'nova'));
assert.ok((await call('read', { ref: 'message:none/x' })).isError);
await assert.rejects(client.callTool({ name: 'forget', arguments: {} }));

const { resources } = await client.listResources();
assert.ok(resources.some(one => one.uri === 'vvault://nova'));
assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 2);
const page = await client.readResource({ uri: 'vvault://nova' });
assert.match(page.contents[0].text, /Context of nova/);
await assert.rejects(client.readResource({ uri: 'vvault://nobody' }));
assert.equal((await client.listPrompts()).prompts.length, 2);
const boot = await client.getPrompt({ name: 'boot', arguments: { construct: 'nova' } });
assert.equal(boot.messages[0].role, 'user');
await client.getPrompt({ name: 'handoff', arguments: { construct: 'nova', since: '2020-01-01' } });
const version = client.getNegotiatedProtocolVersion?.();
await client.close();
console.log(`${which}: all is well${version ? `, in ${version}` : ''}`);
