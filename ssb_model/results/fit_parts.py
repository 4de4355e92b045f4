"""What a fit is made of: its estimates, and its data sets beside the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Estimate:
    """One free parameter after the fit.

    ``standard_error`` is that of the scaled parameter: relative where it is ``logarithmic``.
    Both intervals hold 95 %; an end of the profile's is not finite where the data leave it open.
    """

    label: str
    unit: str
    value: float
    start: float
    low: float
    high: float
    logarithmic: bool
    standard_error: float
    interval: tuple[float, float]
    profile_interval: tuple[float, float] | None = None
    remark: str = ""

    @property
    def width(self) -> float:
        """Change of the value for one of the scaled parameter."""
        return self.value if self.logarithmic else self.high - self.low


@dataclass(frozen=True, eq=False, repr=False)
class FittedSet:
    """One data set with the model of the best fit and the noise beside each measured value.

    Columns of ``table`` by ``kind``:

    - voltage: time_s, capacity_mAh_cm2 (since the stretch began), stretch, current_mA_cm2,
      voltage_V, model_V, sigma_V, compared
    - capacity: c_rate, capacity_mAh_g, model_mAh_g, sigma_mAh_g
    - spectrum: frequency_Hz, Z_re_Ohm_cm2, Z_im_Ohm_cm2, model_re_Ohm_cm2, model_im_Ohm_cm2,
      sigma_Ohm_cm2
    - gitt: soc, and for R1, R2 and R3 each R1_Ohm_cm2, model_R1_Ohm_cm2, sigma_R1_Ohm_cm2
    - number: name, unit, value, model, sigma
    """

    label: str
    kind: Literal["voltage", "capacity", "spectrum", "gitt", "number"]
    conditions: dict[str, float]
    table: pd.DataFrame
    weight: float = 1.0
    noise_from: Literal["given", "estimated", "usual"] = "given"
