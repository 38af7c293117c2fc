"""The `jiujin` command."""

from __future__ import annotations

import typer

from gis.cli import (
    areas_cmd,
    audit_cmd,
    basemaps_cmd,
    bench_cmd,
    boards_cmd,
    bodies_cmd,
    calendar_cmd,
    cards_cmd,
    cards_log_cmd,
    care_cmd,
    coverage_cmd,
    display_cmd,
    dual_cmd,
    explain_cmd,
    hosts_cmd,
    import_cmd,
    import_roster_cmd,
    kpis_cmd,
    life_cmd,
    lost_cmd,
    members_cmd,
    modes_cmd,
    notices_cmd,
    org_cmd,
    org_groups_cmd,
    plan_cmd,
    plan_edit_cmd,
    plan_life_cmd,
    plan_saved_cmd,
    posts_cmd,
    retention_cmd,
    rights_cmd,
    rules_cmd,
    sample_cmd,
    server_cmd,
    sessions_cmd,
    settings_cmd,
    streets_cmd,
    survey_cmd,
    users_cmd,
    visit_exports_cmd,
    visit_results_cmd,
    visit_sheets_cmd,
    visits_cmd,
)
from gis.cli.common import set_up_logging

app = typer.Typer(
    name="jiujin",
    help="就近：看清过渡期党员住在哪里，就近编组，上门送学。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for _commands in (
    sample_cmd,
    import_cmd,
    import_roster_cmd,
    members_cmd,
    cards_cmd,
    cards_log_cmd,
    survey_cmd,
    modes_cmd,
    plan_cmd,
    plan_saved_cmd,
    plan_edit_cmd,
    plan_life_cmd,
    notices_cmd,
    explain_cmd,
    users_cmd,
    display_cmd,
    rights_cmd,
    care_cmd,
    retention_cmd,
    audit_cmd,
    server_cmd,
    bench_cmd,
    streets_cmd,
    settings_cmd,
    basemaps_cmd,
    bodies_cmd,
    hosts_cmd,
    posts_cmd,
    areas_cmd,
    org_cmd,
    org_groups_cmd,
    calendar_cmd,
    dual_cmd,
    sessions_cmd,
    life_cmd,
    boards_cmd,
    kpis_cmd,
    rules_cmd,
    lost_cmd,
    coverage_cmd,
    visits_cmd,
):
    _commands.register(app)

for _visits in (visit_results_cmd, visit_exports_cmd, visit_sheets_cmd):
    _visits.register(visits_cmd.visits_app)


def run() -> None:
    """Run the command line."""
    set_up_logging()
    app()
