#!/usr/bin/env bash
# Measures what the command costs and fails if it costs more than it may: the
# peak of memory of a whole run, and the CPU time of a command that needs no
# network. The servers are a lab in a process of its own, so that only the
# client is measured.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
lab=
cleanup() {
  if [ -n "$lab" ]; then kill "$lab" && wait "$lab" || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

go build -o "$folder/mailprobe" ./cmd/mailprobe
go build -o "$folder/measure" ./bench/measure
export PATH=$folder:$PATH

mkfifo "$folder/said"
mailprobe lab >"$folder/said" &
lab=$!
# The lab says how to reach it: "mailprobe office365 FLAGS \", over some lines.
flags=()
while read -r line; do
  case $line in
  'Stop it'*) break ;;
  'mailprobe office365 '* | '--'*)
    line=${line#mailprobe office365 }
    # The lab's flags hold no blanks and no quotes.
    read -r -a words <<<"${line%\\}"
    flags+=("${words[@]}")
    ;;
  esac
done <"$folder/said"

echo '| command | time | CPU time | peak memory |'
echo '| --- | --- | --- | --- |'
measure -max-cpu 30ms list mailprobe list
measure -max-cpu 30ms 'show office365' mailprobe show office365
measure -max-cpu 30ms 'explain a refusal' mailprobe explain '535 5.7.8 Username and Password not accepted'
measure -max-memory 40 office365 mailprobe office365 "${flags[@]}"
measure -max-memory 40 'office365, all that can be shown' mailprobe office365 "${flags[@]}" -v --transcript --json
# Beside the lab's authority the system's, as in a run in the open.
measure -max-memory 40 'office365, with the authorities of this system' \
  mailprobe office365 "${flags[@]/#--cacert/--add-cacert}"
# A refusal is looked up among all known replies.
echo nonsense >"$folder/wrong"
chmod 600 "$folder/wrong"
measure -status 1 -max-memory 40 'office365, wrong password' \
  mailprobe office365 "${flags[@]}" --user demo@example.com --password-file "$folder/wrong"
# Two of them take no password, which leaves their verdict open.
measure -status 3 -max-memory 40 'seven providers' \
  mailprobe aol gmail icloud msn office365 outlook yahoo "${flags[@]}"
