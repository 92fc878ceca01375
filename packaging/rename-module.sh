#!/usr/bin/env bash
# Gives the module another name, such as that of the place where it lives:
#   packaging/rename-module.sh git.example.org/mail/mailprobe
# The name stands in go.mod, in imports, and in the tests that look at imports.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] && [[ $1 =~ ^[a-z0-9.-]+(/[A-Za-z0-9._~-]+)*$ ]] || { echo 'usage: rename-module.sh NEW-NAME' >&2; exit 2; }
old=$(sed -n 's/^module //p' go.mod)
go mod edit -module "$1"
find . -name '*.go' -not -path './.git/*' -exec sed -i -E "s#([\"\`])${old//./\\.}/(internal|cmd|bench)/#\1$1/\2/#g" {} +
gofmt -w cmd internal bench
