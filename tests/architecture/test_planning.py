"""Planning has no clock and no chance of its own: the same arguments give the same plan."""

from __future__ import annotations

import ast

from tests.architecture.sources import calls, dotted, imports, place, python_files, tree

FORBIDDEN = {"random", "secrets", "uuid", "datetime"}
CLOCKS = {"time.monotonic", "time.perf_counter"}
RANDOM_TYPES = {"np.random.default_rng", "np.random.Generator", "numpy.random.default_rng", "numpy.random.Generator"}


def test_no_clock_and_no_chance_is_imported():
    found = [
        f"{place(path, node)} imports {name}"
        for path in python_files("gis/planning")
        for name, node in imports(path)
        if name.partition(".")[0] in FORBIDDEN
    ]
    assert found == []


def test_one_module_stops_in_time_and_reads_nothing_but_a_monotonic_clock():
    users = {path for path in python_files("gis/planning") for name, _ in imports(path) if name == "time"}
    assert len(users) <= 1, "one module may stop in time; the others ask it"
    found = [
        f"{place(path, node)} {dotted(node)}"
        for path in users
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node).startswith("time.") and dotted(node) not in CLOCKS
    ]
    assert found == []


def test_chance_comes_from_a_seeded_generator():
    used = [
        f"{place(path, node)} {dotted(node)}"
        for path in python_files("gis/planning")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and dotted(node).startswith(("np.random.", "numpy.random."))
        and dotted(node) not in RANDOM_TYPES
    ]
    unseeded = [
        place(path, call)
        for path in python_files("gis/planning")
        for call in calls(path)
        if dotted(call.func).endswith("default_rng") and not (call.args or call.keywords)
    ]
    assert used + unseeded == []
