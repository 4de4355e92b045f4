"""How the equations are made numbers: polynomials through layers, derivatives, the solver."""
