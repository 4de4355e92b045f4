from pybamm_model_zoo.solid_state_dfn.model import SolidStateDFN

__all__ = ["SolidStateDFN"]
