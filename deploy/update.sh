#!/bin/sh
# Run as kam in /srv/kam after new code has arrived: set up, check, migrate, collect. Then: systemctl restart kam.target
set -eu
cd "$(dirname "$0")/.."
make setup
.venv/bin/python manage.py check --deploy --fail-level WARNING
.venv/bin/python manage.py migrate --no-input
.venv/bin/python manage.py collectstatic --no-input --verbosity 0
