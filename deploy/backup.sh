#!/bin/sh
# Backup of database and uploaded files into the folder named first; keeps 30 days. Wants DATABASE_URL and pg_dump.
# Restore: pg_restore --clean --if-exists --dbname "$DATABASE_URL" FILE.dump; tar -xzf FILE.tar.gz -C /srv/kam
set -eu
target=${1:?name the folder for the backups}
: "${DATABASE_URL:?set DATABASE_URL, as in .env}"
cd "$(dirname "$0")/.."
umask 077
mkdir -p "$target"
day=$(date +%Y-%m-%d-%H%M)
pg_dump --format=custom --file="$target/$day.dump.part" "$DATABASE_URL"
mv "$target/$day.dump.part" "$target/$day.dump"
tar -czf "$target/$day.tar.gz.part" var/media
mv "$target/$day.tar.gz.part" "$target/$day.tar.gz"
find "$target" -name '*.dump' -mtime +30 -delete
find "$target" -name '*.tar.gz' -mtime +30 -delete
