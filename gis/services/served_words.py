"""What counts as reached in a month (A12), in words."""

from __future__ import annotations

DEFINITION = (
    "当月至少有一次：到会参加组织生活；或上门送学见到本人（会后补学也算）；或参加网络学习"
    "（学习方式定为网络共学的，电话、微信联系上也算）。走访时电话代、谢绝、没见到的不算"
)
