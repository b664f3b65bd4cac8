#!/bin/sh
# Stands in for an ffmpeg that never ends, and tells its process id beside itself.
echo $$ > "${0%/*}/pid"
exec sleep 600
