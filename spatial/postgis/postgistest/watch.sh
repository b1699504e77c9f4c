# Stops a test server that has had no connections for a while.
# Arguments: psql, the server's URL, seconds between looks, looks in a row
# without a connection after which it stops.
ask() { "$psql" "$url" -XAtqc "$1" </dev/null 2>/dev/null; }
psql=$1 url=$2 period=$3 patience=$4
idle=0
while sleep "$period"; do
	others=$(ask "SELECT count(*) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()") || exit 0
	if [ "$others" = 0 ]; then idle=$((idle + 1)); else idle=0; fi
	if [ "$idle" -ge "$patience" ]; then
		kill -INT "$(ask "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")"
		exit 0
	fi
done
