#!/bin/sh
# Proves the chaos checker: builds Baton with its planted bugs, and runs it with none, which must pass, and with each in
# turn, which must break the rule that is named beside it. A minute and a half each, besides compiling.
# Names after the script choose some bugs; BATON_CHAOS_SEED chooses the seed.
set -eu
cd "$(dirname "$0")/.."
seed=${BATON_CHAOS_SEED:-7}
cargo build --workspace --bins --features baton-app/planted,baton-boot/planted
# The binaries are taken aside: the next build is one without bugs.
bin=target/planted/bin
rm -rf "$bin" && mkdir -p "$bin"
for name in xtask baton-chaos baton-migrate baton-api baton-gateway baton-assigner baton-sla baton-jobs; do
    cp "target/debug/$name" "$bin/"
done

failed=
try() { # bug rule: a run in which it is planted must break that rule
    bug=$1 rule=$2 log=target/planted/$1.log
    case " ${chosen:-$bug} " in *" $bug "*) ;; *) return 0 ;; esac
    planted=$([ "$bug" = none ] || printf %s "--planted $bug")
    verdict=BAD
    # A bug shows when something else happens at its moment: it has three runs to do so. Without one there is one run.
    for nth in 0 1 2; do
        # shellcheck disable=SC2086 # two words, or none
        "$bin/baton-chaos" run --seed $((seed + nth)) --folder "target/planted/$bug" $planted >"$log" 2>&1 || true
        broken=$(sed -n 's/^broken: \(.*\) (seed .*/\1/p' "$log")
        if [ "$rule" = nothing ]; then
            grep -q '^ *0  job_once' "$log" && [ -z "$broken" ] && verdict=good
            break
        fi
        case " $broken " in *" $rule "*) verdict=good; break ;; esac
    done
    [ "$verdict" = good ] || failed=1
    printf '%-4s  %-24s should break %-14s broke: %s\n' "$verdict" "$bug" "$rule" "${broken:-nothing}"
}
chosen=$*
try none nothing
try ack-before-commit kept
try writers-cursor placed
try head-without-lock placed
try no-recheck assigned_once
try no-fence job_once
try resume-without-audience audience
[ -z "$failed" ] || { echo "logs and histories are in target/planted" >&2; exit 1; }
