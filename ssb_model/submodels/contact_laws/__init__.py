"""Laws of contact: what a pressure, or a history of it, makes of the contact there can be.

Each law is one class in this folder, or in a user's own file, and is found by itself: the options
of the model, the numbers of materials, pressing, fits, sweeps and draws ask it for all they need.
"""

from ssb_model.submodels.contact_laws.law import (
    Constant,
    ContactLaw,
    MemoryLaw,
    PressureLaw,
    contact_laws,
)

__all__ = ["Constant", "ContactLaw", "MemoryLaw", "PressureLaw", "contact_laws"]
