"""``ssb impedance``."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    data_option,
    numbers,
    output_options,
    pressures_of,
    pressures_option,
    si,
)
from ssb_model.cli.saving import report, reserve
from ssb_model.errors import InputError


def add_impedance(verbs) -> None:
    spectrum = verbs.add_parser(
        "impedance", help="spectra of a cell at rest, their relaxation times and a circuit"
    )
    spectrum.add_argument(
        "--soc", type=numbers, metavar="X,X,...", help="states of charge, 0 to 1; 0.5 if left out"
    )
    pressures_option(spectrum)
    spectrum.add_argument(
        "--frequencies",
        type=numbers,
        default="1e-3,1e6",
        metavar="Hz,Hz",
        help="lowest and highest; 1e-3,1e6 if left out",
    )
    spectrum.add_argument("--per-decade", type=int, default=7, help="points a decade, 7")
    spectrum.add_argument(
        "--symmetric",
        choices=["positive", "negative"],
        help="two of this composite, at the state of charge, instead of the cell",
    )
    spectrum.add_argument(
        "--fit", type=int, metavar="ARCS", help="fit a series resistance and so many arcs"
    )
    spectrum.add_argument(
        "--tail",
        default="none",
        metavar="NAME",
        help="of the fit: 'warburg', 'constant phase', 'finite space warburg', ...; none",
    )
    data_option(spectrum, "a measured spectrum")
    cell_options(spectrum)
    output_options(spectrum)
    spectrum.set_defaults(run=_impedance)


def _impedance(options: argparse.Namespace) -> int:
    from ssb_model.analysis.circuit_fit import check_circuit
    from ssb_model.results.measured import measured_spectrum
    from ssb_model.tables.impedance import impedance_text
    from ssb_model.verbs.impedance import between, impedance

    cell, soc = cell_of(options), options.soc
    measured = [measured_spectrum(path, cell) for path in options.data]
    if options.fit is None and options.tail != "none":
        raise InputError(f"--tail '{options.tail}' is part of a fit: give --fit ARCS with it.")
    if options.symmetric is not None and soc is not None and len(soc) > 1:
        raise InputError("--symmetric takes one state of charge, as --soc 0.5.")
    frequencies = between(options.frequencies, options.per_decade)
    if options.fit is not None:
        check_circuit(options.fit, options.tail, len(frequencies))
    reserve(options)
    if options.symmetric is not None:
        (at,) = soc if soc is not None and len(soc) == 1 else (0.5,)
        cell, soc = cell.at_soc(at).symmetric(options.symmetric), None
    result = impedance(
        cell,
        soc,
        stack_pressure=pressures_of(options),
        temperature=si(options.temperature, 1, 273.15),
        frequencies=frequencies,
    )
    result = result.beside(measured, options.fit, options.tail)
    return report(options, result, impedance_text)
