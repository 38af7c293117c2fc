"""Which branch a roster's text means: the name itself, a usual spelling of it, the only branch below it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from gis.model.enums import OrgStatus
from gis.spatial.addresses import chinese_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg

_NOISE = re.compile(r"中国共产党|中共|委员会|第|党|[\s()\-·、,:：]")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+(?=支|总|网|片)")
_PLACE_KINDS = re.compile(
    r"(?:股份合作社|行政村|社区|居委会|村委会|村民小组|村|\d+[组队]|[一二三四五六七八九十]+[组队])+$"
)


def fold_org(name: str) -> str:
    """Fold a name for comparing: 东风村党总支第一党支部 and 东风村总支一支部 are one."""
    text = unicodedata.normalize("NFKC", name)
    text = _NOISE.sub("", text)
    return _NUMERAL.sub(lambda match: str(chinese_number(match.group())), text)


def village_stem(text: str) -> str:
    """Return 东风 of 东风村3组."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    short = _PLACE_KINDS.sub("", plain)
    return short or plain


@dataclass(frozen=True, slots=True)
class Found:
    """The branches that a text can mean: one is an answer, none or several are a fault."""

    ids: tuple[OrgId, ...] = ()
    why: str = ""


class BranchFinder:
    """Finds branches by text; built once for an import."""

    def __init__(self, orgs: Sequence[PartyOrg]) -> None:
        """Index names with and without the organisation above."""
        self._by_id = {org.id: org for org in orgs if org.id is not None}
        self._children: dict[OrgId | None, list[PartyOrg]] = {}
        self._index: dict[str, set[OrgId]] = {}
        self._orgs: dict[str, set[OrgId]] = {}
        self.names = {number: org.name for number, org in self._by_id.items()}
        for org in orgs:
            self._children.setdefault(org.parent_id, []).append(org)
        for number, org in self._by_id.items():
            target = self._index if org.is_branch else self._orgs
            for spelling in self._spellings(org):
                target.setdefault(spelling, set()).add(number)

    @property
    def has_branches(self) -> bool:
        """Whether any branch is known at all."""
        return bool(self._index)

    def _spellings(self, org: PartyOrg) -> set[str]:
        own = fold_org(org.name)
        found = {own}
        parent = self._by_id.get(org.parent_id) if org.parent_id is not None else None
        if parent is not None and org.is_branch:
            above = fold_org(parent.name)
            place = re.sub(r"(?:总支部?|支部|工作委|委)$", "", above)
            short = own.removeprefix(place) or own
            found |= {above + short, place + short}
        return found

    def find(self, text: str) -> Found:
        """Find the branch that a cell names."""
        wanted = fold_org(text)
        hits = self._index.get(wanted, set())
        if len(hits) != 1:
            exact = {number for number in hits if self.names[number] == text.strip()}
            hits = exact if len(exact) == 1 else hits
        if len(hits) == 1:
            return Found(tuple(hits))
        if len(hits) > 1:
            return Found(tuple(sorted(hits)), f"“{text}”可能是{self._list(hits)}：请写全称")
        above = self._orgs.get(wanted, set())
        below = {b for number in above for b in self.below(number)}
        if len(below) == 1:
            return Found(tuple(below))
        if above:
            return Found(tuple(sorted(below)), f"“{text}”不是支部，下面有 {len(below)} 个支部：请写到支部")
        close = get_close_matches(wanted, list(self._index), n=1, cutoff=0.6)
        hint = f"，是否为“{self.names[min(self._index[close[0]])]}”" if close else ""
        return Found((), f"没有名为“{text}”的支部{hint}：请核对，或先导入党组织")

    def find_in(self, texts: Iterable[str]) -> Found:
        """Find the branch named inside titles or a sheet's name, the longest first; only when it is one branch."""
        for text in texts:
            wanted = fold_org(text)
            for index in (self._index, self._orgs):
                inside = [name for name in index if len(name) > 2 and name in wanted]  # noqa: PLR2004 - 支部 alone
                if not inside:
                    continue
                longest = max(inside, key=len)
                ids = index[longest]
                branches = ids if index is self._index else {b for number in ids for b in self.below(number)}
                if len(branches) == 1:
                    return Found(tuple(branches))
        return Found()

    def of_village(self, text: str) -> Found:
        """Find the branches of an original village, such as 东风村3组."""
        stem = village_stem(text)
        direct = self.find(text)
        if len(direct.ids) == 1:
            return direct
        named = {number for number, org in self._by_id.items() if len(stem) > 1 and stem in org.name}
        branches = {b for number in named for b in self.below(number)}
        active = {b for b in branches if self._by_id[b].status is not OrgStatus.ABOLISHED} or branches
        if not active:
            return Found((), f"没有与“{text}”对应的支部：请加“所在党支部”一列，或先导入党组织")
        return Found(tuple(sorted(active)), f"“{text}”有 {len(active)} 个支部：请加“所在党支部”一列")

    def below(self, number: OrgId) -> set[OrgId]:
        """List the branches of a subtree, the organisation itself included."""
        found: set[OrgId] = set()
        queue = [number]
        while queue:
            org = self._by_id[queue.pop()]
            if org.is_branch and org.id is not None:
                found.add(org.id)
            queue.extend(child.id for child in self._children.get(org.id, ()) if child.id is not None)
        return found

    def _list(self, ids: Iterable[OrgId]) -> str:
        return "、".join(f"“{self.names[number]}”" for number in sorted(ids)[:3])
