#!/usr/bin/env bash
# Make a virtual environment; install Debian's venv package first where Python came without it.
set -euo pipefail
python=$1 venv=$2
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "错误：需要 Python 3.11 或更新版本。" >&2
    echo "办法：安装后再试，或用 make serve PYTHON=路径 指定。" >&2
    exit 2
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    $sudo apt-get update -qq
    # Debian names it after the version where several are installed side by side.
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" ||
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
fi
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet setuptools==84.2.1 wheel
