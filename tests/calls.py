"""Verbs of a cell, each called so that it takes little: what all of them keep is tested with it."""

from ssb_model.verbs.impedance import between

CALLS = {  # verb: arguments typed, and the same in Python
    "discharge": (["--c-rate", "3", "--from-full"], {"c_rate": 3, "from_full": True}),
    "rate-test": (["--c-rates", "3,2", "--from-full"], {"c_rates": [3, 2], "from_full": True}),
    "limits": (["--c-rates", "3", "--from-full"], {"c_rates": 3, "from_full": True}),
    "cycle": (["--cycles", "1", "--c-rate", "2"], {"count": 1, "c_rate": 2}),
    "pressure-steps": (["--steps", "5"], {"steps": 5e6}),
    "gitt": (
        ["--pulse", "3600", "--rest", "1800", "--t1", "1e-5", "--t2", "1"],
        {"pulse": 3600, "rest": 1800, "t1": 1e-5, "t2": 1},
    ),
    "impedance": (
        ["--frequencies", "1,1e5", "--per-decade", "2"],
        {"frequencies": between((1, 1e5), 2)},
    ),
    "min-pressure": (["--keep", "0.5"], {"keep": 0.5}),
    "pressure-schedule": (
        [
            "--cycles",
            "2",
            "--c-rate",
            "2",
            "--pressure",
            "5",
            "--formation-pressure",
            "0",
            "--repress-every",
            "0",
        ],
        {"cycles": 2, "c_rate": 2, "hold": 5e6, "formation_pressure": 0, "repress_every": 0},
    ),
    "sweep": (["--over", "pressure=1,5"], {"over": {"stack_pressure": [1e6, 5e6]}}),
}
