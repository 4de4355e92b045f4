"""
A titration (GITT): resistances R1, R2, R3
==========================================

Pulses and rests over the whole discharge. Each pulse gives an ohmic resistance R1, charge
transfer R2 and diffusion R3.
"""

import ssb_model as ssb

pulses = ssb.gitt("NCM523_LPSCl_InLi", pulse=1200, rest=7200, t1=1e-3, t2=10)
print(pulses.table[["State of charge", "R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"]].round(2))
figure = pulses.plot()
