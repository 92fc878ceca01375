#!/usr/bin/env bash
# Sets 'mailprobe bulk' beside a bare Go loop that dials, says STARTTLS,
# verifies and reads the capabilities, in turns, and beside other programs where
# they are installed. The server is a process of its own: its costs are not the
# client's. It fails if a result is wrong or a count of bench/counts.txt is
# missed, never because of time.
#
#   bench/bulk.sh          10,000 endpoints, three rounds, other programs, a line of 100 ms (as root)
#   bench/bulk.sh short    the counts alone
set -euo pipefail
cd "$(dirname "$0")/.."
form=${1:-full}
case $form in short) n=200 ;; full) n=${N:-10000} ;; *) echo 'bulk.sh: write short, or nothing' >&2; exit 2 ;; esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
missed=0
fail() { echo "bulk.sh: $*" >&2; missed=1; }

go build -o "$folder/" ./cmd/mailprobe ./bench/measure ./bench/peer
export PATH=$folder:$PATH

serve() { # starts a server; says where in $at
  rm -f "$folder/said"; mkfifo "$folder/hold"
  peer serve -roots "$folder/ca.pem" -leaves "$1" <"$folder/hold" >"$folder/said" &
  server=$!
  exec 9>"$folder/hold"
  until [ -s "$folder/said" ] 2>/dev/null; do kill -0 "$server"; read -r -t 0.05 _ < <(:) || true; done
  read -r at <"$folder/said"
}
stop() { exec 9>&-; wait "$server"; rm "$folder/hold"; counted=$(tail -1 "$folder/said"); } # says in $counted what the server saw

flags() { echo "--cacert $folder/ca.pem --connect-to *:587:$at"; }
bulk() { # runs a list and checks each of its results
  local list=$1; shift
  set -f; mailprobe bulk "$list" $(flags) "$@" >"$folder/results" 2>"$folder/summary"; set +f
  local want got
  want=$(wc -l <"$list"); got=$(grep -c '"run_verdict":"works"' "$folder/results")
  [ "$got" = "$want" ] || fail "got $got results that work of $want"
}
limit() { awk -v what="$1" '$1 == what {print $2}' bench/counts.txt; }
check() { # a count, and what was counted
  local most; most=$(limit "$1")
  printf '| %s | %s | %s |\n' "$1" "$2" "$most"
  awk -v got="$2" -v most="$most" 'BEGIN {exit !(most != "" && got <= most)}' || fail "$1: got $2, want at most $most"
}

counts() {
  local pair
  peer list -n "$n" >"$folder/list"
  serve each
  bulk "$folder/list"
  stop
  declare -A seen
  for pair in $counted; do seen[${pair%=*}]=$(awk -v a="${pair#*=}" -v n="$n" 'BEGIN {printf "%.2f", a / n}'); done
  echo; echo '| count of one dialogue | here | at most |'; echo '| --- | --- | --- |'
  check bulk.connections "${seen[connections]}"
  check bulk.turns "${seen[turns]}"
  check bulk.bytes_to_server "${seen[in]}"
  check bulk.bytes_from_server "${seen[out]}"
  go test -run '^$' -bench Probe/system -benchtime 1x ./internal/probe/imap >"$folder/bench"
  check probe.system.allocs "$(awk '/^BenchmarkProbe/ {for (i = 2; i <= NF; i++) if ($i == "allocs/probe") print $(i-1)}' "$folder/bench")"
  check probe.system.bytes "$(awk '/^BenchmarkProbe/ {for (i = 2; i <= NF; i++) if ($i == "B/probe") print $(i-1)}' "$folder/bench")"
  go test -run '^$' -bench Provider -benchtime 20x ./internal/verify >"$folder/bench"
  check provider.allocs "$(awk '/^BenchmarkProvider/ {for (i = 2; i <= NF; i++) if ($i == "allocs/op") print $(i-1)}' "$folder/bench")"
  check provider.bytes "$(awk '/^BenchmarkProvider/ {for (i = 2; i <= NF; i++) if ($i == "B/op") print $(i-1)}' "$folder/bench")"
}

cpu() { # CPU seconds and MB of a command
  /usr/bin/time -f '%U %S %M' -o "$folder/time" "$@" >"$folder/out"
  awk '{printf "%.2f %.1f", $1 + $2, $3 * 1024 / 1e6}' "$folder/time"
}

beside() { # bare loop and bulk in turns
  local leaves=$1 round bare ours
  serve "$leaves"
  for round in 1 2 3; do
    bare=$(cpu peer loop -roots "$folder/ca.pem" -to "$at" -n "$n" -jobs 128)
    set -f; ours=$(cpu mailprobe bulk "$folder/list" $(flags) 2>"$folder/summary"); set +f
    [ "$(grep -c '"run_verdict":"works"' "$folder/out")" = "$n" ] || fail 'not all results work'
    awk -v l="$leaves" -v b="$bare" -v o="$ours" 'BEGIN {split(b, x); split(o, y); printf "| %s | %s s, %s MB | %s s, %s MB | %.2f |\n", l, x[1], x[2], y[1], y[2], y[1] / x[1]}'
  done
  stop
}

other() { # a program, which may be there and unable
  command -v "$2" >/dev/null || { echo "| $1 | not installed | | |"; return; }
  measure "$@" 2>"$folder/why" || echo "| $1 | cannot: $(head -1 "$folder/why") | | |"
}

others() { # whole processes, one dialogue each
  local port; serve one; port=${at##*:}
  echo; echo '| one process | time | CPU time | peak memory |'; echo '| --- | --- | --- | --- |'
  measure 'mailprobe, one URL' mailprobe submission://h0.bench.example:587 --cacert "$folder/ca.pem" --connect-to "h0.bench.example:587:$at"
  other curl curl -sS --ssl-reqd --cacert "$folder/ca.pem" --resolve "h0.bench.example:$port:127.0.0.1" -X NOOP "smtp://h0.bench.example:$port/"
  other 'swaks (does not verify)' swaks --server 127.0.0.1 --port "$port" --tls --quit-after TLS
  other openssl sh -c "echo QUIT | openssl s_client -starttls smtp -connect $at -servername h0.bench.example -CAfile $folder/ca.pem -verify_return_error -quiet"
  stop
}

line() { # fifty URLs over a line of 100 ms, in a network of their own
  if [ "$(id -u)" -ne 0 ] || ! command -v tc >/dev/null; then echo 'a line of 100 ms: needs root and tc'; return; fi
  export -f serve stop flags bulk fail; export folder
  unshare -n bash -c 'ip link set lo up
    tc qdisc add dev lo root netem delay 50ms limit 10000 2>/dev/null || { echo "a line of 100 ms: this kernel has no netem"; exit; }
    serve one; peer list -n 50 >"$folder/fifty"
    started=$(date +%s%N); bulk "$folder/fifty"; echo "50 STARTTLS endpoints over 100 ms: $(( ($(date +%s%N) - started) / 1000000 )) ms"; stop'
}

counts
if [ "$form" = full ]; then
  echo; echo "| leaves, $n endpoints | bare loop | bulk | ratio |"; echo '| --- | --- | --- | --- |'
  beside one
  beside each
  others
  echo
  line
fi
exit "$missed"
