#!/usr/bin/env bash
# Make a virtual environment; install Debian's venv package first where Python came without it.
set -euo pipefail
python=$1 venv=$2
"$python" - <<'PY' || { echo "需要 Python 3.11 或更新版本。请安装后再试。" >&2; exit 2; }
import sys
sys.exit(sys.version_info < (3, 11))
PY
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
fi
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet setuptools==84.2.1 wheel
