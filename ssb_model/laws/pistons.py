"""A pellet measured between pistons: what their own contact adds to it."""

from __future__ import annotations


def contact(pressure, highest, exponent):
    """Share (P/P_max)**n of the contact under the pellet's own pressing P_max.

    A piston laid on a pressed pellet meets a face flattened at P_max, which yields no more
    below it: n is 2/3 for elastic asperities (Hertz), 1 for many heights of them (Greenwood &
    Williamson, Proc. R. Soc. A 295 (1966) 300). Form of this package.
    """
    return (pressure / highest) ** exponent


def apparent_conductivity(conductivity, resistance, contact_share):
    """1 / (1/kappa + rho/a): pellet and both faces in series [S m-1].

    ``resistance`` rho [Ohm m] is that of the faces in whole contact, over the pellet's thickness.
    """
    return 1 / (1 / conductivity + resistance / contact_share)
