#!/bin/sh
# What 100,000 jobs due within one second take, untroubled and with a process killed every two seconds; each has its
# effect once, or it fails. Some minutes, most of them compiling.
set -eu
cd "$(dirname "$0")/.."
exec cargo test --release -p baton-e2e --test e2e -- --ignored --exact jobs::a_hundred_thousand --nocapture
