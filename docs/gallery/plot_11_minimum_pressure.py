"""
The lowest stack pressure that is enough
========================================

The lowest stack pressure that keeps 95 % of the capacity. With ``samples=200`` every declared
range is drawn to say how sure it is.
"""

import ssb_model as ssb

least = ssb.minimum_stack_pressure("NCM811_LPSCl_Si", c_rate=0.1)
print(least)
figure = least.plot()
