# The programs of agents, for the tests of the night: each is installed from
# npm into $BUILD/agents (once; remove that folder for the newest), and runs in
# a home of its own without a network but for the server of model.js. Skips all
# where that cannot be.
# npm finds its registry where the person has it.
npm_home=$HOME npm_proxy=${https_proxy:-${HTTPS_PROXY:-}}
export npm_home npm_proxy
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

agents=$VV_BUILD/agents
port=8099
export agents port

for tool in node npm unshare ip jq; do
	command -v $tool >/dev/null || skip_all "no $tool here"
done
unshare -rn --pid --fork --mount-proc true 2>/dev/null || skip_all "no network of its own can be had here"

# installed <package>: where it is; it is fetched where it is not.
installed() {
	place=$agents/$(echo "$1" | tr @/ __)
	test -e "$place/done" || {
		mkdir -p "$place" && HOME=$npm_home https_proxy=$npm_proxy npm install --no-audit --no-fund --silent --prefix "$place" "$1" >"$place/log" 2>&1 &&
		touch "$place/done" || return
	}
	echo "$place/node_modules"
}

# asks <command>: runs it in the project, at the server alone, which notes
# what it is asked in the file requests. What it leaves running ends with it.
asks() {
	unshare -rn --pid --fork --kill-child --mount-proc sh -c 'ip link set lo up && cd "$HOME/proj" || exit
		node "$VV_TOP/tests/nightly/model.js" "$HOME/../requests" "$port" & server=$!
		sleep 1
		timeout 120 sh -c "$1" </dev/null >>"$HOME/../said" 2>&1
		status=$?
		kill $server
		exit $status' sh "$1"
}

# new_agent: a home and a project of its own.
new_agent() {
	new_vault && mkdir -p home/proj && export HOME="$PWD/home" && git init -q home/proj &&
	unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME NODE_OPTIONS
}

# config <file below the home>: what comes on standard input.
config() {
	mkdir -p "$HOME/$(dirname "$1")" && cat >"$HOME/$1"
}

# program <agent> <package>: its program in a home of its own, set to ask the
# server; run is then how it is called.
program() {
	bin=$(installed "$2")/.bin || skip_case "it cannot be installed"
	new_agent && "program_$1"
}

program_pi() {
	config .pi/agent/models.json <<-END &&
	{"providers":{"mock":{"baseUrl":"http://127.0.0.1:$port/v1","api":"openai-completions","apiKey":"x",
	"models":[{"id":"mock-model","name":"Mock","reasoning":false,"input":["text","image"],
	"cost":{"input":0,"output":0,"cacheRead":0,"cacheWrite":0},"contextWindow":100000,"maxTokens":4000}]}}}
	END
	run="$bin/pi --provider mock --model mock-model"
}

program_qwen() {
	config .qwen/settings.json <<-END &&
	{"security":{"auth":{"selectedType":"openai"}},"privacy":{"usageStatisticsEnabled":false},"general":{"enableAutoUpdate":false}}
	END
	run="OPENAI_API_KEY=mock OPENAI_BASE_URL=http://127.0.0.1:$port/v1 OPENAI_MODEL=mock-model $bin/qwen -y"
}

program_gemini() {
	config .gemini/settings.json <<-END &&
	{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"disableAutoUpdate":true}}
	END
	run="GEMINI_API_KEY=mock GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:$port GEMINI_CLI_TRUST_WORKSPACE=true" &&
	run="$run $bin/gemini -y -m gemini-2.5-pro"
}

program_opencode() {
	config .config/opencode/opencode.json <<-END &&
	{"autoupdate":false,"share":"disabled","model":"mock/mock-model","small_model":"mock/mock-model",
	"provider":{"mock":{"npm":"@ai-sdk/openai-compatible","name":"Mock",
	"options":{"baseURL":"http://127.0.0.1:$port/v1","apiKey":"x"},
	"models":{"mock-model":{"name":"Mock","limit":{"context":100000,"output":4000}}}}}}
	END
	run="$bin/opencode run"
}

program_copilot() {
	run="COPILOT_PROVIDER_BASE_URL=http://127.0.0.1:$port/v1 COPILOT_PROVIDER_API_KEY=x" &&
	run="$run COPILOT_MODEL=mock-model COPILOT_OFFLINE=true $bin/copilot --allow-all-tools"
}

program_codex() {
	config .codex/config.toml <<-END &&
	model_provider = "mock"
	model = "mock-model"
	[model_providers.mock]
	name = "Mock"
	base_url = "http://127.0.0.1:$port/v1"
	wire_api = "responses"
	END
	run="$bin/codex exec --skip-git-repo-check"
}

program_cline() {
	config .cline/data/settings/providers.json <<-END &&
	{"version":1,"lastUsedProvider":"openai-compatible","modes":{},"providers":{"openai-compatible":{"settings":
	{"provider":"openai-compatible","apiKey":"x","model":"mock-model","baseUrl":"http://127.0.0.1:$port/v1"},
	"updatedAt":"2026-01-01T00:00:00.000Z","tokenSource":"manual"}}}
	END
	run="$bin/cline"
}

program_claude() {
	run="ANTHROPIC_API_KEY=sk-ant-mock ANTHROPIC_BASE_URL=http://127.0.0.1:$port CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 $bin/claude"
}

program_continue() {
	config .continue/config.yaml <<-END &&
	name: test
	version: 1.0.0
	schema: v1
	models:
	  - {name: mock, provider: openai, model: mock-model, apiBase: "http://127.0.0.1:$port/v1", apiKey: x, roles: [chat]}
	END
	run="CONTINUE_TELEMETRY_ENABLED=0 $bin/cn --config $HOME/.continue/config.yaml"
}
