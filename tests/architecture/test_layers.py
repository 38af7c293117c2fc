"""Who may import whom. The contracts themselves are in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, imports, place, product_files, python_files, relative

SCREEN = {"streamlit", "folium", "branca"}


def test_import_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        (command, "--no-cache"), cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_the_model_needs_nothing_but_the_standard_library():
    allowed = sys.stdlib_module_names | {"gis"}
    found = [
        f"{place(path, node)} imports {name}"
        for path in python_files("gis/model")
        for name, node in imports(path)
        if name.partition(".")[0] not in allowed
    ]
    assert found == []


def test_streamlit_and_folium_are_used_by_the_user_interface_only():
    found = [
        f"{place(path, node)} imports {name}"
        for path in product_files()
        if not relative(path).startswith(("gis/ui/", "pages/", "streamlit_app.py"))
        for name, node in imports(path)
        if name.partition(".")[0] in SCREEN
    ]
    assert found == []


def test_pages_reach_down_through_the_ui_and_services_only():
    allowed = ("gis.ui", "gis.services", "gis.model", "gis.errors", "gis.config")
    found = [
        f"{place(path, node)} imports {name}"
        for path in python_files("pages")
        for name, node in imports(path)
        if name.startswith("gis.") and not name.startswith(allowed)
    ]
    assert found == []
