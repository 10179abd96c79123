#!/usr/bin/env bash
# Checks this tree: format, the checker and its own tests; and Terraform's own validate and test where the provider can be had.
# Needs node 18.19 or newer and npm; of Terraform it uses what there is.
set -euo pipefail
cd "$(dirname "$0")"
export CHECKPOINT_DISABLE=1

say() { printf -- '-- %s\n' "$*"; }

if command -v terraform >/dev/null; then
  say "terraform fmt -check -recursive ($(terraform version | sed -n '1s/Terraform v//p'))"
  terraform fmt -check -recursive -diff
else
  say 'SKIPPED: terraform fmt, because there is no terraform on the PATH'
fi

say 'the checker'
# Installed anew only when the lock file is newer than what is there.
if [ ! -f tests/node_modules/.package-lock.json ] || [ tests/package-lock.json -nt tests/node_modules/.package-lock.json ]; then
  npm ci --prefix tests --no-progress
fi
cd tests
rm -rf build
node node_modules/typescript/bin/tsc -p .

say 'tests of the checker'
output=$(mktemp)
trap 'rm -f "$output"' EXIT
if ! node --test build/test/*.test.js >"$output" 2>&1; then
  cat "$output"
  exit 1
fi
passed=$(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$output")
if [ "${passed:-0}" -eq 0 ]; then
  cat "$output"
  say 'no test ran'
  exit 1
fi
say "$passed tests passed"

say 'the tree'
node build/src/main.js .. schema/aws.json
node build/src/write-pages.js .. --check
cd ..

say 'terraform validate and terraform test'
if ! command -v terraform >/dev/null; then
  say 'SKIPPED: there is no terraform on the PATH; the checker above stands in'
  exit 0
fi
export TF_IN_AUTOMATION=1 TF_REGISTRY_DISCOVERY_RETRY=0 TF_REGISTRY_CLIENT_TIMEOUT=5
# The provider takes 700 MB: once, and not once for each directory.
export TF_PLUGIN_CACHE_DIR="${TF_PLUGIN_CACHE_DIR:-$PWD/.terraform/plugins}" TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=true
mkdir -p "$TF_PLUGIN_CACHE_DIR"
if ! timeout 60 terraform -chdir=environments/dev init -backend=false -input=false >/dev/null 2>&1; then
  say 'SKIPPED: the AWS provider cannot be had here; the checker above stands in'
  exit 0
fi
for directory in environments/* modules/*; do
  say "$directory"
  terraform -chdir="$directory" init -backend=false -input=false >/dev/null
  terraform -chdir="$directory" validate
  if compgen -G "$directory/tests/*.tftest.hcl" >/dev/null; then
    terraform -chdir="$directory" test
  fi
done
