"""Saved plans: what was saved, the steps of editing, the events of a plan's life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the four tables; groups in force stay as they are and belong to no saved plan."""
    _saved_plan()
    _saved_plan_branch()
    _plan_step()
    _plan_event()


def _edited_rows() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
    ]


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _saved_plan() -> None:
    op.create_table(
        "saved_plan",
        sa.Column("name", sa.String(length=200), nullable=False, comment="方案名称"),
        sa.Column("state", sa.String(32), nullable=False, comment="状态"),
        sa.Column("based_on_id", sa.Integer(), nullable=True, comment="由哪份方案另存"),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="发布时形成的测算记录；小组由此与方案相连"),
        sa.Column("content", sa.JSON(), nullable=False, comment="保存时的方案全文，见 docs/decisions/008"),
        sa.Column("published", sa.JSON(), nullable=True, comment="发布时的方案全文"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="方案所依据的数据版本"),
        sa.Column("pointer", sa.Integer(), nullable=False, comment="已应用到第几步调整，0 为保存时的样子"),
        sa.Column("n_groups", sa.Integer(), nullable=False, comment="小组数"),
        sa.Column("asked", sa.Integer(), nullable=False, comment="参加编组的人数"),
        sa.Column("seated", sa.Integer(), nullable=False, comment="已安排人数"),
        sa.Column("mean_walk_m", sa.Float(), nullable=False, comment="步行平均，米"),
        sa.Column("p90_walk_m", sa.Float(), nullable=False, comment="九成步行不超过，米"),
        sa.Column("longest_walk_m", sa.Float(), nullable=False, comment="步行最远，米"),
        sa.Column("n_violations", sa.Integer(), nullable=False, comment="不能发布的问题数"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="支委会决定日期"),
        sa.Column("reported_on", sa.Date(), nullable=True, comment="报上级日期"),
        sa.Column("published_at", sa.DateTime(), nullable=True, comment="发布时间（UTC）"),
        sa.Column("stopped_on", sa.Date(), nullable=True, comment="停止日期"),
        sa.Column("discarded_at", sa.DateTime(), nullable=True, comment="作废时间（UTC），作废后不再列出"),
        *_edited_rows(),
        _reference("saved_plan", "based_on_id", "saved_plan"),
        _reference("saved_plan", "run_id", "assignment_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_plan")),
    )
    _indexed("saved_plan", "based_on_id", "run_id")


def _saved_plan_branch() -> None:
    op.create_table(
        "saved_plan_branch",
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("plan_id", sa.Integer(), nullable=False, comment="方案"),
        sa.Column("branch_id", sa.Integer(), nullable=False, comment="支部"),
        sa.Column("stopped_on", sa.Date(), nullable=True, comment="该支部的小组被新方案取代或停止的日期"),
        _reference("saved_plan_branch", "branch_id", "party_org"),
        _reference("saved_plan_branch", "plan_id", "saved_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_plan_branch")),
        sa.UniqueConstraint("plan_id", "branch_id", name=op.f("uq_saved_plan_branch_plan_id")),
    )
    _indexed("saved_plan_branch", "branch_id", "plan_id")


def _plan_step() -> None:
    op.create_table(
        "plan_step",
        sa.Column("plan_id", sa.Integer(), nullable=False, comment="方案"),
        sa.Column("number", sa.Integer(), nullable=False, comment="第几步"),
        sa.Column("kind", sa.String(32), nullable=False, comment="做了什么"),
        sa.Column("op", sa.JSON(), nullable=False, comment="操作内容"),
        sa.Column("delta", sa.JSON(), nullable=False, comment="座位、组长、小组编号的变化"),
        sa.Column("text", sa.String(length=1000), nullable=False, comment="一句话说明"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="这一步之后方案所依据的数据版本"),
        sa.Column("is_dropped", sa.Boolean(), nullable=False, comment="撤销后又做了别的调整，这一步不再可恢复"),
        *_edited_rows(),
        _reference("plan_step", "plan_id", "saved_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    _indexed("plan_step", "plan_id")


def _plan_event() -> None:
    op.create_table(
        "plan_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("plan_id", sa.Integer(), nullable=False, comment="方案"),
        sa.Column("kind", sa.String(32), nullable=False, comment="做了什么"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间（UTC）"),
        sa.Column("by", sa.String(length=64), nullable=False, comment="操作人账号"),
        sa.Column("day", sa.Date(), nullable=True, comment="登记的日期"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="原因"),
        sa.Column("text", sa.String(length=500), nullable=False, comment="说明"),
        _reference("plan_event", "plan_id", "saved_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
    )
    _indexed("plan_event", "plan_id")
