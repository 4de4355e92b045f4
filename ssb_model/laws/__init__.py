"""Physics as pure functions of floats, arrays or PyBaMM symbols."""
