"""Figures; no physics."""
