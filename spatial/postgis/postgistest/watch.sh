# Stops the shared test server after a minute without connections.
# Arguments: psql, the server's URL.
ask() { "$1" "$2" -XAtqc "$3" </dev/null 2>/dev/null; }
idle=0
while sleep 10; do
	others=$(ask "$1" "$2" "SELECT count(*) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()") || exit 0
	if [ "$others" = 0 ]; then idle=$((idle + 1)); else idle=0; fi
	if [ "$idle" -ge 6 ]; then
		kill -INT "$(ask "$1" "$2" "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")"
		exit 0
	fi
done
