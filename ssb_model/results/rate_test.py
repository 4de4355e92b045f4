"""What a cell gave at each rate."""

from __future__ import annotations

from dataclasses import dataclass

from ssb_model.results.runs import RunsResult


@dataclass(frozen=True, repr=False)
class RateTestResult(RunsResult):
    """Discharges or charges in the order they were run."""

    kind = "rate-test"

    def plot(self):
        """Curves at each pressure, and capacity against rate; returns the figure."""
        from ssb_model.figures.rate_test import plot_rate_test

        return plot_rate_test(self.title, self.runs, self.measured)
