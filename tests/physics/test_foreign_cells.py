"""A few of the cells that ``python -m tests.foreign_cells`` draws, and what a process holds."""

import gc
import os
from pathlib import Path

import pytest

import ssb_model as ssb
from tests.foreign_cells import judge


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")  # xarray, at one instant
@pytest.mark.parametrize(("seed", "closely"), [(0, True), (4, False), (137, False)])
def test_nothing_wrong_or_it_is_said(seed, closely):
    verdict = judge(seed, closely)
    assert not verdict.wrong
    assert verdict.outcomes


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc")
def test_models_of_different_cells_are_released():
    """Memory, file descriptors and threads stay as they were, however many cells a process runs."""
    cell = ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft")

    def held(first, count):
        for k in range(first, first + count):
            changed = cell.with_recipe({"positive: Porosity [%]": 8 + 0.1 * k})
            ssb.discharge(changed, 1.0)
            if k % 2:
                ssb.sweep(changed, {"c_rate": [1.0]})
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        open_now = [len(os.listdir(f"/proc/self/{kind}")) for kind in ("fd", "task")]
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, open_now, len(gc.get_objects())

    megabytes, open_before, objects = held(0, 4)
    after, open_after, objects_after = held(4, 6)
    assert open_after == open_before
    assert objects_after - objects < 8000  # a built model is some fifteen thousand, a cell 1400
    assert after - megabytes < 30  # of what six built models hold, a fourth
