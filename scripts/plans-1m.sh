#!/bin/sh
# What each list of the inbox takes with a million tickets: p50 and p95 in milliseconds, as baton_app,
# begin and commit included. A few minutes, most of them compiling and filling.
set -eu
cd "$(dirname "$0")/.."
exec cargo test --release -p baton-store --test store -- --ignored --exact plans::a_million_tickets --nocapture
