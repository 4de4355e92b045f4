"""Which particles have lost their last contact, and the lithium they take away and bring back.

Form of this package. Shares count the particles that pressing connected.
"""

from __future__ import annotations

import numpy as np

LEAST_CONNECTED = 1e-3  # share of the particles that never leaves: what is empty has no potential
NONE_CUT_OFF = 1e-5  # share below which the lithium of cut-off particles is not told apart


def connected_share(loosened, patches):
    """zeta/zeta_0 = 1 - w**N: share of the particles that still touch electrolyte.

    A particle hangs on N ``patches`` of contact. Each is lost with the probability w, the share
    of the formed micro-contact that breathing has ``loosened``, and independently of the others:
    a particle leaves with the last of them.
    """
    return np.maximum(1 - np.maximum(loosened, 0) ** patches, LEAST_CONNECTED)


def contact_of_connected(contact_fraction, connected):
    """theta zeta_0/zeta: contact fraction of the connected particles, at most 1.

    ``contact_fraction`` theta is a share of the surface that pressing connected. Times the
    surface of the ``connected`` particles it gives the same area: arcs see theta once.
    """
    return np.minimum(contact_fraction / connected, 1)


def lithium_cut_off(lithium, connected, concentration):
    """L - (zeta/zeta_0) c: what cut-off particles hold [mol m-3 of all once connected].

    ``lithium`` L is what all particles hold, ``concentration`` c that of the ``connected`` ones.
    """
    return lithium - connected * concentration


def concentration_cut_off(lithium, connected, concentration):
    """Mean concentration in cut-off particles [mol m-3]; that of the others if there are none."""
    off = lithium_cut_off(lithium, connected, concentration)
    return (off + NONE_CUT_OFF * concentration) / (1 - connected + NONE_CUT_OFF)


def mixing_rate(change, connected):
    """(d zeta/dt)/zeta while particles come back, else 0 [s-1].

    Connected particles of concentration c take up those of concentration c_off by
    dc/dt = mixing_rate (c_off - c): the lithium of both is kept.
    """
    return np.maximum(change, 0) / connected
