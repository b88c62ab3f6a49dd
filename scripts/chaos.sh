#!/bin/sh
# The full run of docs/RELIABILITY.md, release builds: 100,000 messages, 200 kills of services, 50 of Postgres, 10,000
# dropped connections. Half an hour besides compiling; wants a quiet machine. BATON_CHAOS_SEED replays a
# run; further arguments go to `baton-chaos run` and stand above those here.
set -eu
cd "$(dirname "$0")/.."
ulimit -n 4096 2>/dev/null || true
cargo build --workspace --bins --release
exec target/release/baton-chaos run --folder target/chaos ${BATON_CHAOS_SEED:+--seed "$BATON_CHAOS_SEED"} \
    --seconds 1560 --rate 100 --customers 40 --leaders 18 --drops 18 "$@"
