#!/usr/bin/env bash
# Checks that load Django's settings: types, missing migrations, and the deployment check with production settings.
set -euo pipefail
bin=$1
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
export STATE_DIR=$state SECRET_KEY="lint-$(printf 'x%.0s' {1..60})Aa1!bCdEfGhIjK" DEBUG=0 SITE_URL=https://shop.example
export DATABASE_URL=postgresql://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0
export STRIPE_SECRET_KEY=sk_test_lint STRIPE_WEBHOOK_SECRET=whsec_lint EMAIL_URL=smtp://127.0.0.1:25
unset STRIPE_API_BASE ALLOW_SANDBOX || true
"$bin/mypy" shop catalog inventory promotions shipping checkout
"$bin/python" manage.py makemigrations --check --dry-run
"$bin/python" manage.py check --deploy --fail-level WARNING
