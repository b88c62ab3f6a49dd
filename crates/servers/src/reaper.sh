# Stops a test stack that nobody has used for a while.
# $1 users' lock  $2 seconds between looks  $3 looks in a row without a user  $4 state file
# $5 postmaster  $6 redis  $7 data folder
trap '' HUP INT
exec 9<>"$1"
idle=0
while [ "$idle" -lt "$3" ]; do
    sleep "$2" 9<&-
    # The last look keeps the lock: whoever comes now waits until all is gone and boots anew.
    if flock -n -x 9; then
        idle=$((idle + 1))
        [ "$idle" -ge "$3" ] || flock -u 9
    else
        idle=0
    fi
done
rm -f "$4"
kill -s INT "$5"
kill -s TERM "$6"
tries=0
# Its pid file goes with the postmaster; the process may stay, as a zombie, with whoever started it.
while [ "$tries" -lt 100 ] && [ -e "$7/postgres/postmaster.pid" ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -s QUIT "$5"
kill -s KILL "$6"
rm -rf "$7"
