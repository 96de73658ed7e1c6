#!/usr/bin/env bash
# Install Debian's virtuoso program where it is missing: the tests of graphs on a server start their own.
# The package holds the program alone; nothing is started as a service.
set -euo pipefail
command -v virtuoso-t >/dev/null && exit 0
sudo=$([ "$(id -u)" = 0 ] || echo sudo)
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin
