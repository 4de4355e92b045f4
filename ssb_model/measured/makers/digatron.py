"""CSV of Digatron's Battery Manager."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

WORDS = {"AhAccu": "Capacity", "Prog Time": "Test time", "Program Time": "Test time"}


class Digatron(Maker):
    """Units behind a sharp; charge positive."""

    name = "Digatron"
    known_by = (("AhAccu#Ah", "AhAccu", "AhStep#Ah"), ("Status", "Procedure", "Program Duration#s"))
    columns = WORDS
    positive_on = "charge"
