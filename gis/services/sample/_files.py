"""All files that a street office would hand in, and the truth about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError, system_reason
from gis.services.sample._books import write_json
from gis.services.sample._chance import AS_OF, stream
from gis.services.sample._layers import write_layers
from gis.services.sample._ledger import write_ledger
from gis.services.sample._lines import Extras, Truth
from gis.services.sample._rosters import write_csv_roster, write_system_export, write_village_rosters

if TYPE_CHECKING:
    from pathlib import Path

    from gis.services.sample._world import World

TRUTH = "truth.json"


def write_files(world: World, folder: Path) -> tuple[str, ...]:
    """Write the layers, the rosters and `truth.json`; files of other names in the folder stay.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [*write_layers(world, folder), *_write_rosters(world, folder)]
    except OSError as error:
        msg = f"文件写不进目录 {folder}：{system_reason(error)}，请换一个可写的目录"
        raise InputError(msg) from error
    return tuple(files)


def _write_rosters(world: World, folder: Path) -> list[str]:
    truth = Truth()
    extras = Extras.of(world, stream(world.seed, "extras"))
    files = [
        write_system_export(world, folder, truth, extras),
        write_csv_roster(world, folder, truth, extras),
        *write_village_rosters(world, folder, truth, extras),
        write_ledger(world, folder, truth, extras),
    ]
    truth.mark_namesakes()
    write_json(
        folder / TRUTH,
        {
            "seed": world.seed,
            "as_of": AS_OF.isoformat(),
            "members": len(world.people),
            "files": truth.dirt,
            "faults": truth.faults,
            "rows": truth.rows,
        },
    )
    return [*files, TRUTH]
