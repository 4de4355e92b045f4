"""Write the sample data that come with the package: ``python -m tests.make_samples``.

All of it is simulated, with the noise a cycler has, and each file says so. The cell is one a
laboratory may press: NCM811 and LPSCl against Li-In, as ``ssb new`` writes it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pybamm

import ssb_model as ssb
from ssb_model.measured.exported import bdf_table
from ssb_model.measured.record import Record
from ssb_model.parameters.new_cell import Known, cell_text

FOLDER = Path(ssb.__file__).parent / "samples"
CELL = FOLDER / "cell.toml"
KNOWN = Known("NCM811=70,LPSCl=27,VGCF=3", 12.0, "Li-In", 0.785, 380.0, 50.0, 25.0)
LOWER, UPPER = 1.878, 3.678  # V, 2.5 and 4.3 V against Li
SAID = "simulated with ssb_model, noise added; no measurement"
NOISE, OF_IMPEDANCE = 1e-4, 3e-3  # V; share of |Z|


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    text = cell_text(KNOWN, "sample cell, NCM811 | LPSCl | Li-In", "sample, simulated")
    CELL.write_text(text, encoding="utf-8")
    cell = ssb.load_cell(CELL)
    for make in (rate_test, titration, spectrum, capacities, pressure):
        make(cell, np.random.default_rng(7))


def run(cell, steps, period, options=None) -> list[dict[str, np.ndarray]]:
    """Columns of each step of an experiment, time counted on."""
    model = cell.model({"mesh": "coarse", **(options or {})})
    experiment = pybamm.Experiment([tuple(steps)], period=period)
    simulation = pybamm.Simulation(
        model, experiment=experiment, parameter_values=cell.parameter_values
    )
    solution = simulation.solve()
    return [
        {
            "time": step.t,
            "voltage": step["Voltage [V]"].entries,
            "current": step["Current [A]"].entries,
            "pressure": step["Stack pressure [Pa]"].entries / 1e6,
        }
        for cycle in solution.cycles
        for step in cycle.steps
    ]


def rate_test(cell, rng) -> None:
    rates = ("C/10", "C/5", "C/2", "1C", "C/10")
    steps = ["Rest for 10 minutes"]
    for rate in rates:
        steps += [f"Charge at C/10 until {UPPER} V", "Rest for 20 minutes"]
        steps += [f"Discharge at {rate} until {LOWER} V", "Rest for 20 minutes"]
    lines = [
        f"# {SAID}: a rate test, discharges at {', '.join(rates)}",
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),"
        "Capacity(mAh)",
    ]
    for number, step in enumerate(run(cell.at_soc(0), steps, "120 seconds")):
        cycle = max(number - 1, 0) // 4 + 1
        current = -1e3 * step["current"]
        kind = "Rest" if not current.any() else "CC Chg" if current.max() > 0 else "CC DChg"
        since = step["time"] - step["time"][0]
        for t, since_then, i, u in zip(
            step["time"], since, current, noisy(step["voltage"], rng), strict=True
        ):
            passed = abs(i) * since_then / 3600
            lines.append(
                f"{len(lines) - 1},{cycle},{number + 1},{kind},{clock(since_then)},{clock(t)},"
                f"{i + 0.0:.5f},{u:.4f},{passed:.5f}"
            )
    write("rate_test_neware.csv", lines)


def titration(cell, rng) -> None:
    steps = ["Rest for 10 minutes"]
    steps += ["Discharge at C/10 for 20 minutes", "Rest for 60 minutes"] * 12
    head = "mode\tox/red\tNs changes\tNs\ttime/s\tEcell/V\t<I>/mA\t(Q-Qo)/mA.h\tcycle number"
    above = [
        *("EC-Lab ASCII FILE", "Nb header lines : 7", "", "Galvanostatic Cycling"),
        *(f"Comments : {SAID}", "Electrode surface area : 0.785 cm2", head),
    ]
    lines, passed = above, 0.0
    for number, step in enumerate(run(cell.at_soc(0.95), steps, "10 seconds")):
        current = -1e3 * step["current"]
        steps_of = np.append(0.0, np.diff(step["time"]))
        thin = thinned(step["time"], current)
        charge = passed + np.cumsum(current * steps_of) / 3600
        passed = charge[-1]
        volts = noisy(step["voltage"], rng)
        lines += [
            f"1\t0\t0\t{number}\t{step['time'][n]:.4f}\t{volts[n]:.5f}\t{current[n] + 0.0:.6f}\t"
            f"{charge[n]:.6f}\t1"
            for n in thin
        ]
    write("titration_biologic.mpt", lines)


def thinned(time, current) -> np.ndarray:
    """Every row of a pulse, of a rest those of its first 5 minutes and one a minute after."""
    since = time - time[0]
    kept = current.astype(bool) | (since <= 300) | (np.arange(len(time)) % 6 == 0)
    kept[-1] = True
    return np.flatnonzero(kept)


def spectrum(cell, rng) -> None:
    result = ssb.impedance(cell, [0.5])
    rows = result.rows
    Z = np.array([row["Z_re [Ohm.cm2]"] + 1j * row["Z_im [Ohm.cm2]"] for row in rows]) / 0.785
    hertz = np.array([row["Frequency [Hz]"] for row in rows])
    Z = Z + OF_IMPEDANCE * abs(Z) * (rng.standard_normal(len(Z)) + 1j * rng.standard_normal(len(Z)))
    lines = [f"# {SAID}: half charged, at rest", "freq_Hz, ReZ_ohm, negImZ_ohm"]
    lines += [f"{f:.6g}, {z.real:.6g}, {-z.imag:.6g}" for f, z in zip(hertz, Z, strict=True)]
    write("spectrum.csv", lines)


def capacities(cell, rng) -> None:
    lines = [
        f"# {SAID}: discharges after a charge at C/10, a fresh cell at each pressure",
        "C-rate,Discharge capacity [mAh/g],Error [mAh/g],Stack pressure [MPa]",
    ]
    for megapascals in (50, 25):
        for rate, name in ((0.1, "C/10"), (0.5, "C/2"), (1.0, "1C")):
            result = ssb.discharge(cell, rate, stack_pressure=megapascals * 1e6, charge_rate=0.1)
            value = max(result.row["Capacity [mA.h.g-1]"] + 1.5 * rng.standard_normal(), 0.0)
            lines.append(f"{name},{value:.1f},1.5,{megapascals}")
    write("capacities.csv", lines)


def pressure(cell, rng) -> None:
    steps = ["Rest for 10 minutes", f"Charge at C/5 until {UPPER} V", "Rest for 30 minutes"]
    steps += [f"Discharge at C/5 until {LOWER} V", "Rest for 30 minutes"]
    parts = run(cell.at_soc(0), steps, "120 seconds", {"stack": "rigid"})
    column = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    import pandas as pd

    table = pd.DataFrame(
        {
            "Time [s]": np.round(column["time"], 3),
            "Current [A]": np.round(column["current"], 9),
            "Voltage [V]": np.round(noisy(column["voltage"], rng), 5),
            "Step": np.repeat(range(1, len(parts) + 1), [len(part["time"]) for part in parts]),
            "Stack pressure [Pa]": np.round(
                1e6 * column["pressure"] + 5e3 * rng.standard_normal(len(column["time"])), -2
            ),
        }
    )
    frame = bdf_table(Record("simulated", "CSV", table, "")).round(9)
    text = frame.to_csv(index=False, lineterminator="\n")
    (FOLDER / "pressure.bdf.csv").write_text(text, encoding="utf-8")


def noisy(volts, rng) -> np.ndarray:
    return volts + NOISE * rng.standard_normal(len(volts))


def clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{seconds % 60:06.3f}"


def write(name: str, lines: list[str]) -> None:
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
