#!/usr/bin/env bash
# The step of action.yml that runs mailprobe. It takes the inputs from the
# environment, so that none of them is ever a part of a script.
set -uo pipefail

stop() { printf '::error title=mailprobe::%s\n' "$1"; exit 2; }

# trimmed sets a variable to a text without the blanks around it, such as what an
# editor on Windows leaves at the end of a line.
trimmed() {
  local text=$2
  text=${text#"${text%%[![:space:]]*}"}
  printf -v "$1" %s "${text%"${text##*[![:space:]]}"}"
}

trimmed suite "${ACTION_SUITE:-}"
trimmed fail_on "${ACTION_FAIL_ON:-unknown}"
trimmed reports "${ACTION_REPORTS:-mailprobe-reports}"
targets=${ACTION_TARGETS:-}

read -r -d '' -a target_list <<<"${targets//$'\r'/ }" || true
args=()
while IFS= read -r line; do
  trimmed line "$line"
  [ -z "$line" ] || args+=("$line")
done <<<"${ACTION_ARGS:-}"

case $fail_on in
  fails | unknown | never) ;;
  warnings) args+=(--strict) ;;
  *) stop 'fail-on is one of fails, unknown, warnings, never' ;;
esac
case $suite in -*) stop 'a suite is a file, and its name does not begin with -' ;; esac
for target in ${target_list[@]+"${target_list[@]}"}; do
  case $target in -*) stop 'a target does not begin with -; flags belong into args' ;; esac
done
if [ -n "$suite" ] && [ ${#target_list[@]} -gt 0 ]; then
  stop 'give targets or a suite, not both'
elif [ -n "$suite" ]; then
  what=(run "$suite")
elif [ ${#target_list[@]} -gt 0 ]; then
  what=("${target_list[@]}" --no-prompt)
else
  stop 'give targets or a suite'
fi

mkdir -p -- "$reports" || stop 'the folder for the reports cannot be made'
json=$reports/mailprobe.json junit=$reports/mailprobe.xml
rm -f -- "$json" "$junit"
mailprobe "${what[@]}" ${args[@]+"${args[@]}"} -o github -o "json=$json" -o "junit=$junit"
status=$?

case $status in
  0) verdict=works ;;
  1) verdict=fails ;;
  3) verdict=unknown ;;
  *) verdict= ;;
esac
{
  printf 'verdict=%s\nexit-status=%s\n' "$verdict" "$status"
  [ ! -e "$json" ] || printf 'json=%s\n' "$json"
  [ ! -e "$junit" ] || printf 'junit=%s\n' "$junit"
} >>"${GITHUB_OUTPUT:-/dev/null}"

case $fail_on:$status in
  *:0 | never:[13] | fails:3) exit 0 ;;
esac
exit "$status"
