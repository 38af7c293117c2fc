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
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg

_NOISE = re.compile(r"中国共产党|中共|委员会|第|党|[\s()\-·、,:：]")
_BARE = re.compile(r"(?:\d+|支|网格|片区)*支部")  # 第二党支部 without saying of which village
_NUMBERED = re.compile(r"\d+支部")
#: What may stand before a name inside a title; 新东风村 is not 东风村.
_LEAD = re.compile(r"(?:^|[\d年度月份位道镇乡区县市称织部支委表])$")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+(?=支|总|网|片)")
_PLACE_KINDS = re.compile(
    r"(?:股份合作社|行政村|社区|居委会|村委会|村民小组|村|\d+[组队]|[一二三四五六七八九十]+[组队])+$"
)


def fold_org(name: str) -> str:
    """Fold a name for comparing: 东风村党总支第一党支部 and 东风村总支一支部 are one."""
    text = unicodedata.normalize("NFKC", name)
    text = _NOISE.sub("", text).replace("总支部", "总支")
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
        for own, org in self._by_id.items():
            number = self._heir(own)
            if number is None:
                continue
            target = self._index if org.is_branch else self._orgs
            for spelling in self._spellings(org):
                target.setdefault(spelling, set()).add(number)
            if org.is_branch and re.search(r"(?:村|社区)$", self._place(org)):  # a village with a single branch
                self._orgs.setdefault(self._place(org), set()).add(number)

    @property
    def has_branches(self) -> bool:
        """Whether any branch is known at all."""
        return bool(self._index)

    def _heir(self, number: OrgId) -> OrgId | None:
        """Return the organisation itself, or the one that continues an abolished one; None where none does."""
        seen: list[OrgId] = []
        org: PartyOrg | None = self._by_id.get(number)
        while org is not None and org.id is not None and org.status is OrgStatus.ABOLISHED and org.id not in seen:
            seen.append(org.id)
            org = self._by_id.get(org.successor_id) if org.successor_id is not None else None
        is_heir = org is not None and org.status is not OrgStatus.ABOLISHED
        return org.id if is_heir and org is not None and org.is_branch is self._by_id[number].is_branch else None

    def _spellings(self, org: PartyOrg) -> set[str]:
        own = fold_org(org.name)
        if not org.is_branch:
            return {own, self._place(org)}
        found = {own, re.sub(r"(?:村|社区)(?=\d*支部$)", "", own)}
        for place in self._places_above(org):
            stem = re.sub(r"(?<=..)(?:村|社区|居委会)$", "", place)
            short = own.removeprefix(place) or own
            found |= {f"{base}{kind}{short}" for base in (place, stem) for kind in ("", "总支")}
        return found

    @staticmethod
    def _place(org: PartyOrg) -> str:
        return re.sub(r"(?:总支|支部|工作委?|工委|委)$", "", fold_org(org.name))

    def _places_above(self, org: PartyOrg) -> list[str]:
        parent = self._by_id.get(org.parent_id) if org.parent_id is not None else None
        return [place for place in (self._place(parent),) if place] if parent is not None else []

    def find(self, text: str, context: Iterable[str] = ()) -> Found:
        """Find the branch that a cell names; titles in `context` say which village a bare 第二党支部 is of."""
        wanted = self._without_street(fold_org(text))
        if _BARE.fullmatch(wanted):
            tops = self._named_in(context, self._orgs)
            inside = {b for number in tops for b in self.below(number) if self._short(b) == wanted}
            if tops or not self._index.get(wanted):
                return Found(tuple(inside)) if len(inside) == 1 else self._unclear(text, wanted, inside)
        hits = self._index.get(wanted, set())
        if len(hits) != 1:
            exact = {number for number in hits if self.names[number] == text.strip()}
            hits = exact if len(exact) == 1 else hits
        if len(hits) == 1:
            return Found(tuple(hits))
        if len(hits) > 1:
            return self._unclear(text, wanted, hits)
        above = self._orgs.get(wanted, set())
        below = {b for number in above for b in self.below(number)}
        if len(below) == 1:
            return Found(tuple(below))
        if above:
            return Found(tuple(sorted(below)), f"“{text}”不是支部，下面有 {len(below)} 个支部：请写到支部")
        return self._unclear(text, wanted, hits)

    def _unclear(self, text: str, wanted: str, hits: Collection[OrgId]) -> Found:
        if hits:
            return Found(tuple(sorted(hits)), f"“{text}”可能是{self._list(hits)}：请写全称")
        close = get_close_matches(wanted, list(self._index), n=1, cutoff=0.6)
        hint = f"，是否为“{self.names[min(self._index[close[0]])]}”" if close else ""
        return Found((), f"没有名为“{text}”的支部{hint}：请核对，或先导入党组织")

    def _without_street(self, wanted: str) -> str:
        """Drop 青禾街道 before a name that is known without it."""
        places = (place for org in self._by_id.values() for place in self._places_above(org))
        rests = {wanted.removeprefix(place) for place in places if wanted.startswith(place)}
        known = [rest for rest in rests if rest in self._index or rest in self._orgs]
        return wanted if wanted in self._index or len(known) != 1 or _BARE.fullmatch(known[0]) else known[0]

    def _short(self, number: OrgId) -> str:
        org = self._by_id[number]
        own = fold_org(org.name)
        return next((own.removeprefix(place) for place in self._places_above(org)), own)

    @staticmethod
    def _named_in(texts: Iterable[str], index: Mapping[str, set[OrgId]]) -> set[OrgId]:
        """Return what the first text that names anything of the index names, the longest name first."""
        for text in texts:
            wanted = fold_org(text)
            inside = [
                name
                for name in index
                if not _BARE.fullmatch(name) and name in wanted and _LEAD.search(wanted[: wanted.find(name)])
            ]
            if inside:  # 青禾街道三里村 means the village
                return index[max(inside, key=lambda name: (wanted.find(name) + len(name), len(name)))]
        return set()

    def find_in(self, texts: Sequence[str]) -> Found:
        """Find the branch named inside titles or a sheet's name, nearest first; only when it is one branch."""
        for text in texts:
            ids = self._named_in([text], self._index)
            if len(ids) == 1:
                return Found(tuple(ids))
            number = _NUMBERED.search(fold_org(text))
            if number is not None:  # a branch is named here: another title must not answer for it
                is_bare = bool(_BARE.fullmatch(fold_org(text)))
                known = is_bare or bool(self._named_in(texts, self._orgs))
                found = self.find(number.group(), texts) if known else Found()
                return found if found.ids else self._unclear(text, fold_org(text), ())
            branches = {b for top in self._named_in([text], self._orgs) for b in self.below(top)}
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
            heir = self._heir(org.id) if org.is_branch and org.id is not None else None
            if heir is not None:
                found.add(heir)
            queue.extend(child.id for child in self._children.get(org.id, ()) if child.id is not None)
        return found

    def _list(self, ids: Iterable[OrgId]) -> str:
        return "、".join(f"“{self.names[number]}”" for number in sorted(ids)[:3])
