#!/bin/sh
# What the agents of today write: each program is installed from npm into
# $BUILD/agents (once; remove that folder for the newest), asked twice without a
# network against the model server of ../shared/tools/resume, and what it wrote
# is imported: both prompts and both answers are on the shown branch. No part
# of `make check`: `make nightly`. What cannot be run here is skipped, and why.
# npm finds its registry where the person has it.
npm_home=$HOME npm_proxy=${https_proxy:-${HTTPS_PROXY:-}}
export npm_home npm_proxy
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

agents=$VV_BUILD/agents
mock=${VV_SHARED:+$VV_SHARED/tools/resume/mock.py}
port=8099
first="Which colour comes first in a rainbow?"
second="And which one last?"
export agents mock port first second

test -f "${mock:-/none}" || skip_all "the model server of ../shared is not here"
for tool in node npm python3 unshare ip jq; do
	command -v $tool >/dev/null || skip_all "no $tool here"
done
unshare -rn true 2>/dev/null || skip_all "no network of its own can be had here"

# installed <package>: where it is; it is fetched where it is not.
installed() {
	place=$agents/$(echo "$1" | tr @/ __)
	test -e "$place/done" || {
		mkdir -p "$place" && HOME=$npm_home https_proxy=$npm_proxy npm install --no-audit --no-fund --silent --prefix "$place" "$1" >"$place/log" 2>&1 &&
		touch "$place/done" || return
	}
	echo "$place/node_modules"
}

# asks <command>: runs it in the project, at the model server alone.
asks() {
	unshare -rn sh -c 'ip link set lo up && cd "$HOME/proj" || exit
		python3 "$mock" "$HOME/../requests" "$port" & server=$!
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

# came_home <construct>: one session, in which both prompts were asked in order
# and each was answered, on the branch that is shown.
came_home() {
	{ vvault capture >captured 2>&1 || { cat captured said; return 1; }; }
	cat captured && vvault ls --json "$1" >ls.json && jq -s -e --arg first "$first" --arg second "$second" '
		(map({(.entity): .state}) | add) as $all |
		map(select(.kind == "session") | .state.active | select(.) |
			[recurse($all[.].parent | select(.))] | reverse | map($all[.]) |
			map(select(.visibility == "visible" and (.content // "") != "")) |
			map(if .role == "user" and (.content | contains($first)) then "first"
				elif .role == "user" and (.content | contains($second)) then "second"
				elif .role == "assistant" and (.content | contains("Mock answer")) then "answer"
				else empty end)) |
		any(. == ["first", "answer", "second", "answer"])' ls.json || {
		jq -c "[.entity, .state.role, .state.visibility, .state.content]" ls.json | cut -c1-300
		tail -n 20 said
		return 1
	}
}

test_case 'Pi' '
	pi=$(installed @earendil-works/pi-coding-agent) || skip_case "it cannot be installed"
	new_agent && config .pi/agent/models.json <<-END &&
	{"providers":{"mock":{"baseUrl":"http://127.0.0.1:$port/v1","api":"openai-completions","apiKey":"x",
	"models":[{"id":"mock-model","name":"Mock","reasoning":false,"input":["text"],
	"cost":{"input":0,"output":0,"cacheRead":0,"cacheWrite":0},"contextWindow":100000,"maxTokens":4000}]}}}
	END
	run="$pi/.bin/pi --provider mock --model mock-model" &&
	asks "$run -p \"$first\"" && asks "$run --continue -p \"$second\"" && came_home pi
'

test_case 'Qwen Code' '
	qwen=$(installed @qwen-code/qwen-code) || skip_case "it cannot be installed"
	new_agent && config .qwen/settings.json <<-END &&
	{"security":{"auth":{"selectedType":"openai"}},"privacy":{"usageStatisticsEnabled":false},"general":{"enableAutoUpdate":false}}
	END
	run="OPENAI_API_KEY=mock OPENAI_BASE_URL=http://127.0.0.1:$port/v1 OPENAI_MODEL=mock-model $qwen/.bin/qwen -y" &&
	asks "$run -p \"$first\"" && asks "$run --continue -p \"$second\"" && came_home qwen
'

test_case 'Gemini CLI' '
	gemini=$(installed @google/gemini-cli) || skip_case "it cannot be installed"
	new_agent && config .gemini/settings.json <<-END &&
	{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"disableAutoUpdate":true}}
	END
	run="GEMINI_API_KEY=mock GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:$port GEMINI_CLI_TRUST_WORKSPACE=true" &&
	run="$run $gemini/.bin/gemini -y -m gemini-2.5-pro" &&
	asks "$run -p \"$first\"" && asks "$run --resume latest -p \"$second\"" && came_home gemini
'

test_case 'OpenCode' '
	opencode=$(installed opencode-ai) || skip_case "it cannot be installed"
	new_agent && config .config/opencode/opencode.json <<-END &&
	{"autoupdate":false,"share":"disabled","model":"mock/mock-model","small_model":"mock/mock-model",
	"provider":{"mock":{"npm":"@ai-sdk/openai-compatible","name":"Mock",
	"options":{"baseURL":"http://127.0.0.1:$port/v1","apiKey":"x"},
	"models":{"mock-model":{"name":"Mock","limit":{"context":100000,"output":4000}}}}}}
	END
	asks "$opencode/.bin/opencode run \"$first\"" && asks "$opencode/.bin/opencode run -c \"$second\"" &&
	came_home opencode
'

test_case 'Copilot CLI' '
	copilot=$(installed @github/copilot) || skip_case "it cannot be installed"
	new_agent && run="COPILOT_PROVIDER_BASE_URL=http://127.0.0.1:$port/v1 COPILOT_PROVIDER_API_KEY=x" &&
	run="$run COPILOT_MODEL=mock-model COPILOT_OFFLINE=true $copilot/.bin/copilot --allow-all-tools" &&
	asks "$run -p \"$first\"" && asks "$run --continue -p \"$second\"" && came_home copilot
'

test_case 'Cline' '
	cline=$(installed cline) || skip_case "it cannot be installed"
	command -v tmux >/dev/null || skip_case "it goes on at a terminal alone, and there is no tmux"
	new_agent && config .cline/data/settings/providers.json <<-END &&
	{"version":1,"lastUsedProvider":"openai-compatible","modes":{},"providers":{"openai-compatible":{"settings":
	{"provider":"openai-compatible","apiKey":"x","model":"mock-model","baseUrl":"http://127.0.0.1:$port/v1"},
	"updatedAt":"2026-01-01T00:00:00.000Z","tokenSource":"manual"}}}
	END
	export tmux="tmux -S $PWD/tmux -f /dev/null" cline && cat >type.sh <<-"END" &&
	# shows <text> <times>: it stands so often on the screen, in the end.
	shows() {
		n=0
		until test "$($tmux capture-pane -p -S - | grep -c "$1")" -ge "$2"; do
			n=$((n + 1)) && test $n -lt 60 && sleep 1 || return 1
		done
	}
	$tmux new-session -d -x 150 -y 60 "$cline/.bin/cline" && shows "What can I do" 1 && sleep 5 &&
	{ ! $tmux capture-pane -p | grep -q "any other key" || $tmux send-keys Escape; } && sleep 2 &&
	$tmux send-keys -l "$first" && sleep 2 && $tmux send-keys Enter && shows "Mock answer" 1 && sleep 2 &&
	$tmux send-keys -l "$second" && sleep 2 && $tmux send-keys Enter && shows "Mock answer" 2 && sleep 2
	status=$?
	$tmux capture-pane -p
	$tmux kill-server
	exit $status
	END
	asks "sh $PWD/type.sh" && came_home cline || { tail -n 30 said; false; }
'

done_testing
