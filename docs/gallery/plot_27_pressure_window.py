"""
Both ends of the stack pressure
===============================

With lithium metal too much pressure is as bad as too little: the foil creeps through the
separator. At 0.1C there is a window between what the job needs and what creep allows. At 0.5C
there is none.
"""

import ssb_model as ssb

window = ssb.pressure_window("NCM811_LPSCl_Li", [0.1, 0.5])
print(window)
figure = window.plot()
