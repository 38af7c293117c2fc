"""Asking a plan why, on the page of the groups: the chosen group, the limits, the additions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Role
from tests.app.test_pages import press, said

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.app.conftest import RunPage


def everything(page: AppTest) -> str:
    shown = [str(element.value) for kind in (page.markdown, page.caption) for element in kind]
    return "\n".join([*shown, *(str(element.proto) for element in page.get("html"))])


def ask(page: AppTest, label: str, answer: str) -> None:
    """Press a button and run on until the answer is there; each run waits a moment for it."""
    press(page, label)
    for _ in range(10):
        if answer in everything(page):
            break
        page.run()
    assert answer in everything(page)
    assert not page.exception


def test_a_plan_answers_why(run_page: RunPage):
    page = run_page("pages/groups.py", Role.BRANCH_SECRETARY)
    press(page, "测算")
    about_group = next(button.label for button in page.button if button.label.endswith("为何在此处"))
    ask(page, about_group, "任组长")
    ask(page, "各项限制的代价", "只放开这一项限制")
    ask(page, "最有用的增补", "单独增加一项后重新测算")
    assert "内部错误" not in said(page)
