#!/bin/sh
# One fault after the other at full size, release builds: Redis gone, frozen, emptied and full a hundred times, and away
# for ten minutes; fifty faults of Postgres; every process restarted twenty times under load; and one of 1,000 screens that does not read for a
# minute. Prints its figures; fails when something is lost or, but for the last, late. The better part of an hour; wants
# a quiet machine.
set -eu
cd "$(dirname "$0")/.."
ulimit -n 4096 2>/dev/null || true
for test in redis::a_hundred_faults_of_redis redis::ten_minutes_without_redis \
    postgres::fifty_faults_of_postgres draining::twenty_restarts_of_every_process; do
    cargo test --release --workspace --test e2e -- --ignored --exact "faults::$test" --nocapture
done
# Needs root, and changes the machine's addresses while it runs.
cargo test --release -p baton-store --test store -- --ignored --exact \
    vanishing::who_asks_a_host_that_vanished_is_told_in_time_and_nobody_after_it_is_back --nocapture

folder=target/faults
rm -f "$folder.json"
cargo dev up --release --fresh --no-web --port-base 0 --data-dir "$folder" --ready-file "$folder.json" &
up=$!
trap 'kill -TERM $up 2>/dev/null; wait $up' EXIT
while [ ! -e "$folder.json" ]; do
    kill -0 $up
    sleep 1
done
cargo dev bench --ready-file "$folder.json" stalled
