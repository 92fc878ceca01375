#!/usr/bin/env bash
# Measures whole processes over a line of 100 ms there and back, in round trips:
# sign-ins with access, providers, what is found instead, a wrong port, and fifty
# URLs. The servers are a lab in a process of its own and the line is a proxy, so
# it needs bash and Go, and neither a network nor root. Each result is checked;
# a time that misses its goal is marked and is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-5}

folder=$(mktemp -d)
started=()
cleanup() { exec 7>&- 8>&- 9>&-; kill "${started[@]}" 2>/dev/null || true; wait || true; rm -rf "$folder"; }
trap cleanup EXIT
go build -o "$folder/" ./cmd/mailprobe ./bench/peer
export PATH=$folder:$PATH
failed=0

# The lab says how to reach each server: "--connect-to HOST:PORT:ADDRESS \".
mailprobe lab >"$folder/lab" & started+=($!)
until grep -q '^Stop it' "$folder/lab"; do sleep 0.1; done
declare -A server
while read -r flag rule _; do
  [ "$flag" != --connect-to ] || server[$(cut -d: -f1-2 <<<"$rule")]=$(cut -d: -f3- <<<"$rule")
done <"$folder/lab"
secret=$(grep -o '/[^ ]*/password' "$folder/lab" | head -1)
ca=$(grep -o '/[^ ]*/ca.pem' "$folder/lab" | head -1)

# A long line to each server that is asked.
hosts=(outlook.office365.com:993 outlook.office365.com:995 smtp.office365.com:587
  imap.gmail.com:993 pop.gmail.com:995 smtp.gmail.com:465 smtp.gmail.com:587
  posteo.de:993 posteo.de:143 posteo.de:110 posteo.de:587)
mkfifo "$folder/hold"
for host in "${hosts[@]}"; do echo "${server[$host]}"; done >"$folder/addresses"
# shellcheck disable=SC2046
peer delay -by 50ms $(cat "$folder/addresses") <"$folder/hold" >"$folder/lines" & started+=($!)
exec 8>"$folder/hold"
until grep -q ready "$folder/lines"; do sleep 0.1; done
declare -A line
for host in "${hosts[@]}"; do line[$host]=$(awk -v to="${server[$host]}" '$1 == to {print $2}' "$folder/lines"); done
way() { local host; for host in "$@"; do echo --connect-to "$host:${line[$host]}"; done; }

echo "| work, whole process | goal | got |"
echo "| --- | --- | --- |"
row() { # NAME GOAL(in round trips) STATUS WORDS COMMAND...: the fastest run, since other work only adds to it
  local name=$1 goal=$2 status=$3 words=$4 i from times=() got; shift 4
  for ((i = 0; i < runs; i++)); do
    from=$(date +%s%N); got=0
    "$@" >"$folder/out" 2>"$folder/err" </dev/null || got=$?
    times+=($((($(date +%s%N) - from) / 100000)))
    if [ "$got" != "$status" ] || { [ -n "$words" ] && ! grep -qE -- "$words" "$folder/out"; }; then
      echo "line.sh: $name: status $got, not $status, or no '$words'" >&2; head -30 "$folder/out" "$folder/err" >&2; failed=1; return
    fi
  done
  got=$(printf '%s\n' "${times[@]}" | sort -n | awk 'NR == 1 {printf "%.1f", $1 / 1000}')
  awk -v name="$name" -v goal="$goal" -v got="$got" 'BEGIN {
    wanted = "≤ " goal; note = ""
    if (goal == 0) wanted = "–"
    else if (got + 0 > goal + 0) note = " (missed)"
    printf "| %s | %s | %s%s |\n", name, wanted, got, note}'
}
signed=(--user demo@example.com --password-file "$secret" --yes --cacert "$ca")
probe() { local target=$1; shift; mailprobe "$target" "${signed[@]}" $(way "$@"); }
office=(outlook.office365.com:993 outlook.office365.com:995 smtp.office365.com:587)
gmail=(imap.gmail.com:993 pop.gmail.com:995 smtp.gmail.com:465 smtp.gmail.com:587)
refused() { mailprobe gmail "${signed[@]}" $(way imap.gmail.com:993 pop.gmail.com:995 smtp.gmail.com:587) --connect-to smtp.gmail.com:465:127.0.0.1:1; }
row 'office365 with sign-in' 8.3 0 works probe office365 "${office[@]}"
row 'gmail (993, 995, 465) with sign-in' 6.5 0 works probe gmail "${gmail[@]}"
# Gmail's greeting does not say what it can do, which costs a round trip to ask.
row 'IMAPS with sign-in and access' 4.5 0 works probe imaps://posteo.de posteo.de:993
row 'POP3S, the same' 5.5 0 works probe pop3s://pop.gmail.com pop.gmail.com:995
row 'SMTPS, the same' 6.6 0 works probe submissions://smtp.gmail.com smtp.gmail.com:465
row 'IMAP with STARTTLS, the same' 6.5 0 works probe imap://posteo.de posteo.de:143
row 'POP3 with STLS, the same' 7.5 0 works probe pop3://posteo.de posteo.de:110
row 'SMTP with STARTTLS, the same' 8.3 0 works probe submission://posteo.de posteo.de:587
row 'gmail, 465 refused, the alternative found' 8.5 1 587 refused
# The proxy accepts at once, so the program takes the line for a short one and
# asks later; that such a port is named within a round trip and a second is held
# by TestSilentPortIsNamed of internal/verify.
row 'TLS on a STARTTLS port, and what serves instead' 0 1 'TLS' mailprobe imap://imap.gmail.com:993 --cacert "$ca" $(way imap.gmail.com:993)

# Peers, each with one sign-in and no access.
if command -v curl >/dev/null; then
  word=$(cat "$secret")
  peer_of() { local url=$1 host=$2; shift 2; curl -sS --max-time 20 --cacert "$ca" --connect-to "$host:${line[$host]}" --user "demo@example.com:$word" "$url" "$@"; }
  row 'curl, IMAPS, sign-in' 0 0 INBOX peer_of imaps://imap.gmail.com:993/ imap.gmail.com:993
  row 'curl, POP3S, sign-in' 0 0 '' peer_of pop3s://pop.gmail.com:995/ pop.gmail.com:995
  row 'curl, SMTPS, sign-in' 0 0 '' peer_of smtps://smtp.gmail.com:465/ smtp.gmail.com:465 -X NOOP
fi

# Fifty URLs of fifty hosts, and a server that counts.
mkfifo "$folder/serves"
peer serve -roots "$folder/fifty.pem" -leaves one <"$folder/serves" >"$folder/served" & started+=($!)
exec 9>"$folder/serves"
until [ -s "$folder/served" ]; do sleep 0.1; done
mkfifo "$folder/far"
peer delay -by 50ms "$(head -1 "$folder/served")" <"$folder/far" >"$folder/fifty.line" & started+=($!)
exec 7>"$folder/far"
until grep -q ready "$folder/fifty.line"; do sleep 0.1; done
to=$(awk 'NR == 1 {print $2}' "$folder/fifty.line")
fifty() { set -f; mailprobe "$@" $(peer list -n 50) --cacert "$folder/fifty.pem" --connect-to "*:587:$to"; set +f; }
row '50 URLs with STARTTLS' 15 0 'works' fifty
many() { peer list -n 50 >"$folder/list"; mailprobe bulk "$folder/list" --cacert "$folder/fifty.pem" --connect-to "*:587:$to"; }
row '50 URLs with STARTTLS, as a list' 15 0 'works' many

echo; echo '| without a line | goal | got |'; echo '| --- | --- | --- |'
go build -o "$folder/" ./bench/measure
measure -n 20 'explain TEXT (time, CPU time, memory; goal 12 ms of CPU time)' mailprobe explain '535 5.7.8 Username and Password not accepted'
exit "$failed"
