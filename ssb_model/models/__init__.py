"""Which submodel sits in which slot."""

from ssb_model.models.solid_state_dfn import SolidStateDFN

__all__ = ["SolidStateDFN"]
