"""Tables of users, scopes, sessions, audit, imports and versions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped

from gis.model.access import Role
from gis.store.schema.base import S0, S1, S2, S4, Base, Rows, code_list, col, ref


class UserRow(Rows, Base):
    """账号。"""

    __tablename__ = "app_user"
    username: Mapped[str] = col("登录名", S1, String(64), unique=True)
    display_name: Mapped[str] = col("显示名", S1, String(200))
    role: Mapped[Role] = col("角色", S1, code_list(Role))
    password_hash: Mapped[str] = col("口令摘要（argon2id）", S4, String(200))
    is_active: Mapped[bool] = col("是否启用", S1, Boolean)
    must_change: Mapped[bool] = col("下次登录须改口令", S1, Boolean, default=False)
    failures: Mapped[int] = col("连续失败次数", S1, Integer, default=0)
    locked_until: Mapped[datetime | None] = col("锁定到（UTC）", S1, DateTime)


class RoleRow(Rows, Base):
    """内置角色的说明；权限以代码中的数据表为准。"""

    __tablename__ = "role"
    code: Mapped[Role] = col("角色代码", S0, code_list(Role), unique=True)
    label: Mapped[str] = col("角色名称", S0, String(64))


class ScopeRow(Rows, Base):
    """账号可见的组织子树。"""

    __tablename__ = "scope"
    user_id: Mapped[int] = ref("app_user", "账号")
    org_id: Mapped[int] = ref("party_org", "组织子树的根")


class SignInRow(Base):
    """登录会话。"""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = col("令牌的 SHA-256", S4, String(64), primary_key=True)
    user_id: Mapped[int] = ref("app_user", "账号")
    created_at: Mapped[datetime] = col("登录时间（UTC）", S1, DateTime)
    seen_at: Mapped[datetime] = col("最近使用时间（UTC）", S1, DateTime)
    address: Mapped[str] = col("来源地址", S1, String(64), default="")


class DisplayTokenRow(Rows, Base):
    """大屏令牌：只看数量，不属于任何人。"""

    __tablename__ = "display_token"
    name: Mapped[str] = col("哪一块大屏", S1, String(64))
    token_hash: Mapped[str] = col("令牌的 SHA-256", S4, String(64), unique=True)
    expires_at: Mapped[datetime] = col("到期时间（UTC）", S1, DateTime)
    revoked_at: Mapped[datetime | None] = col("停用时间（UTC）", S1, DateTime)


class AuditRow(Base):
    """操作记录，只增不改。"""

    __tablename__ = "audit_log"
    id: Mapped[int] = col("序号", S1, Integer, primary_key=True)
    at: Mapped[datetime] = col("时间（UTC）", S1, DateTime, index=True)
    actor: Mapped[str] = col("操作人账号", S1, String(64), index=True)
    role: Mapped[str] = col("操作人角色", S1, String(32))
    action: Mapped[str] = col("操作", S1, String(64), index=True)
    summary: Mapped[str] = col("一句话说明，不含个人信息", S1, String(500), default="")
    details: Mapped[dict[str, object]] = col("涉及的表、编号与数量", S1, JSON)
    data_version: Mapped[int] = col("操作后的数据版本", S1, Integer)
    salt: Mapped[str] = col("内容摘要所用随机数，内容清除时一并清除", S1, String(32), default="")
    payload_hash: Mapped[str] = col("说明与明细的摘要；内容清除后仍在", S1, String(64), default="")
    row_hash: Mapped[str] = col("本行与上一行摘要的摘要：改动、删行都会对不上", S1, String(64), default="")
    erased_on: Mapped[date | None] = col("说明与明细到期清除的日期", S1, Date)


class AuditHeadRow(Base):
    """操作记录的末尾：最后一条是哪一条，删去末尾的记录会对不上。"""

    __tablename__ = "audit_head"
    id: Mapped[int] = col("内部编号，只有一行", S0, Integer, primary_key=True)
    last_id: Mapped[int] = col("最后一条操作记录的序号", S1, Integer)
    n_rows: Mapped[int] = col("操作记录的条数", S1, Integer)
    row_hash: Mapped[str] = col("最后一条操作记录的摘要", S1, String(64))


class DataVersionRow(Base):
    """各类数据的版本号：缓存键与方案是否过期都看它。"""

    __tablename__ = "data_version"
    topic: Mapped[str] = col("数据类别", S0, String(32), primary_key=True)
    number: Mapped[int] = col("版本号", S0, Integer)


class ImportBatchRow(Rows, Base):
    """导入批次。"""

    __tablename__ = "import_batch"
    file_name: Mapped[str] = col("文件名", S1, String(300))
    sha256: Mapped[str] = col("文件摘要", S1, String(64))
    kind: Mapped[str] = col("类别", S1, String(32))
    crs: Mapped[str] = col("声明的坐标系", S1, String(32), default="")
    counts: Mapped[dict[str, object]] = col("新增、变化、缺少、问题的数量", S1, JSON)
    attribution: Mapped[str] = col("数据来源署名", S0, String(300), default="")
    faults: Mapped[list[dict[str, object]]] = col("未导入的行与原因", S2, JSON)
    note: Mapped[str] = col("备注", S1, Text, default="")


class ImportKeyRow(Base):
    """某一来源中出现过的对象：再次导入时据此报告“缺少”。"""

    __tablename__ = "import_key"
    id: Mapped[int] = col("内部编号", S0, Integer, primary_key=True)
    source: Mapped[str] = col("来源：类别加版式或支部", S1, String(200), index=True)
    target: Mapped[str] = col("对象类别", S1, String(32))
    target_id: Mapped[int] = col("对象编号", S2, Integer)
    digest: Mapped[str] = col("最近一次导入内容的摘要，未变则不再改动", S2, String(64), default="")
    batch_id: Mapped[int] = ref("import_batch", "最近一次出现的批次")
