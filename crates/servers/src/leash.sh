# Reads "hold PID SIGNAL" and "release PID" until its owner is gone, then stops what is held still.
trap '' HUP INT TERM
held=
while read -r verb pid signal; do
    kept=
    for each in $held; do
        [ "${each%:*}" = "$pid" ] || kept="$kept $each"
    done
    held=$kept
    [ "$verb" = hold ] && held="$held $pid:$signal"
done
for each in $held; do
    kill -s "${each#*:}" -- "-${each%:*}" || kill -s "${each#*:}" -- "${each%:*}"
done
tries=0
while [ -n "$held" ] && [ "$tries" -lt 100 ]; do
    left=
    for each in $held; do
        kill -0 "${each%:*}" && left="$left $each"
    done
    held=$left
    [ -z "$held" ] || sleep 0.1
    tries=$((tries + 1))
done
for each in $held; do
    kill -s KILL -- "-${each%:*}" || kill -s KILL -- "${each%:*}"
done
