#!/bin/sh
# How late warnings and breaches are told: 10,000 within a minute while four workers are killed in turn, then a million
# running clocks with 1,000 due a second. Some minutes, most of them compiling and filling.
set -eu
cd "$(dirname "$0")/.."
exec cargo test --release -p baton-sla --test timers -- --ignored --test-threads=1 --nocapture
