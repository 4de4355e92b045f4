"""What a state shows: small-signal resistances, the plating margin, parts of the voltage lost."""

from __future__ import annotations

import pybamm

from ssb_model.laws import interface
from ssb_model.quantities.names import LOSSES
from ssb_model.submodels.planar import REACTION

SIGN = {"positive": 1, "negative": -1}  # a loss lowers the one potential and lifts the other


class InterfaceGauge(pybamm.BaseSubModel):
    """Small-signal resistance of reaction and film, and double-layer capacitance.

    .. math:: 1/R = \\int \\frac{a \\theta}{RT / F j_0 + r_{film}} dx, \\quad
        C = \\int a \\theta C_{dl} \\, dx
    """

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        film = variables[f"{electrode} film resistance [Ohm.m2]"]
        if self.domain in self.options.porous:
            T = variables[f"{electrode} temperature [K]"]
            j0 = variables[f"{electrode} exchange current density [A.m-2]"]
            surface = variables[f"{electrode} surface area to volume ratio [m-1]"]
            contacted = surface * variables[f"{electrode} contact fraction"]
            depth = self.domain_param.L
        else:
            T = variables["X-averaged cell temperature [K]"]
            j0 = pybamm.yz_average(variables[f"{electrode} exchange current density [A.m-2]"])
            roughness = pybamm.Parameter(f"{electrode} roughness")
            contacted = roughness * variables["Lithium metal interface utilisation"]
            depth = 1
        specific = interface.linear_overpotential(1, j0, T) + film
        per_volume = contacted / specific
        classes = f"{electrode} contact conductance [S.m-2]"
        if classes in variables:  # they conduct side by side
            per_volume = surface * variables[classes]
        conductance = pybamm.x_average(per_volume) * depth
        capacity = pybamm.x_average(contacted * self.domain_param.C_dl(T)) * depth
        variables[f"{electrode} interface resistance [Ohm.m2]"] = 1 / conductance
        variables[f"{electrode} interface capacitance [F.m-2]"] = capacity
        return variables


class IonicGauge(pybamm.BaseSubModel):
    """Resistance to ions across each layer, L <1 / kappa_eff>."""

    def get_coupled_variables(self, variables):
        T = variables["X-averaged cell temperature [K]"]
        c_e = variables["X-averaged electrolyte concentration [mol.m-3]"]
        kappa = pybamm.yz_average(self.param.kappa_e(c_e, T))
        for domain in self.options.whole_cell_domains:
            place = domain.split()[0]
            tor = variables[f"{place.capitalize()} electrolyte transport efficiency"]
            depth = self.param.domain_params[place].L
            variables[f"{domain.capitalize()} ionic resistance [Ohm.m2]"] = (
                depth * pybamm.yz_average(pybamm.x_average(1 / tor)) / kappa
            )
        return variables


class PlatingMargin(pybamm.BaseSubModel):
    """Lithium plates where the potential of the particles falls below that of lithium.

    .. math:: margin = \\phi_s - \\phi_e
    """

    def get_coupled_variables(self, variables):
        margin = variables["Negative electrode surface potential difference [V]"]
        variables["Lithium plating margin [V]"] = margin
        variables["Minimum lithium plating margin [V]"] = pybamm.min(margin)
        return variables


class BaseElectrodeLosses(pybamm.BaseSubModel):
    """Parts of one electrode's loss, positive on discharge; their sum is published as well."""

    def _publish(self, variables, parts):
        electrode = f"{self.domain.capitalize()} electrode"
        for name in LOSSES:
            variables[f"{electrode} {name} loss [V]"] = parts.get(name, pybamm.Scalar(0))
        variables[f"{electrode} loss [V]"] = sum(parts.values())
        return variables


class CompositeLosses(BaseElectrodeLosses):
    """Each part averaged over the depth by where the reaction runs.

    .. math:: loss = \\int a j \\, \\Delta\\phi \\, dx / \\int a j \\, dx

    so that a part times the current is the power it takes. With the face at the separator and
    the collector as ends, ionic and electronic loss, reaction, film and the way from the
    potential at contact to that of the mean lithium content sum exactly to the electrode's loss.
    """

    def get_coupled_variables(self, variables):
        domain, Domain = self.domain_Domain
        sign, electrode = SIGN[domain], f"{Domain} electrode"
        j = variables[f"{electrode} volumetric interfacial current density [A.m-3]"]
        i = variables["Current collector current density [A.m-2]"]
        total = -sign * i / self.domain_param.L
        # what charges a double layer counts as spread evenly
        share = (j + total - pybamm.x_average(j)) / total

        def weighted(symbol):
            return pybamm.x_average(share * symbol)

        phi_s = variables[f"{electrode} potential [V]"]
        phi_e = variables[f"{Domain} electrolyte potential [V]"]
        side = "right" if domain == "positive" else "left"
        at_collector = pybamm.boundary_value(phi_s, side)
        transfer, film = (
            variables[f"{electrode} {name} overpotential [V]"]
            for name in ("charge-transfer", "film")
        )
        mean = variables[f"{electrode} bulk open-circuit potential [V]"]
        at_contact = phi_s - phi_e - transfer - film
        spots, uneven = self._within(variables)
        parts = {
            "ionic": sign * (self._face(variables) - weighted(phi_e)),
            "electronic": sign * (weighted(phi_s) - at_collector),
            "charge-transfer": -sign * weighted(transfer),
            "film": -sign * weighted(film),
            "contact spot": sign * weighted(spots),
            "uneven lithium": sign * (mean - weighted(uneven)),
            "particle diffusion": sign * weighted(uneven - spots - at_contact),
        }
        return self._publish(variables, parts)

    def _face(self, variables):
        """Potential of the electrolyte where electrode and separator meet."""
        middle = pybamm.x_average(variables["Separator electrolyte potential [V]"])
        i = variables["Current collector current density [A.m-2]"]
        half = i * variables["Separator ionic resistance [Ohm.m2]"] / 2
        return middle - SIGN[self.domain] * half

    def _within(self, variables):
        """Potential lost below contact spots, and that of each point's mean lithium content.

        Where a potential has more than one branch or particles more than one size, all that
        lies between contact and mean is called diffusion.
        """
        options = getattr(self.options, self.domain)
        electrode, particle = (f"{self.domain.capitalize()} {n}" for n in ("electrode", "particle"))
        T = variables[f"{electrode} temperature [K]"]
        mean = variables[f"{electrode} bulk open-circuit potential [V]"]
        if options["open-circuit potential"] != "single" or options["particle size"] != "single":
            return pybamm.Scalar(0), mean
        U = self.phase_param.U
        surface = variables[f"{particle} surface stoichiometry"]
        contact = variables[f"{particle} contact stoichiometry"]
        c_mean = variables[f"R-averaged {self.domain} particle concentration [mol.m-3]"]
        spots = U(surface, T) - U(contact, T)
        return spots, U(c_mean / self.phase_param.c_max, T)


class PlanarLosses(BaseElectrodeLosses):
    """Reaction, film and diffusion of a planar negative electrode, and its own resistance."""

    def get_coupled_variables(self, variables):
        transfer, film = (
            variables[f"Negative electrode {name} overpotential [V]"]
            for name in ("charge-transfer", "film")
        )
        at_face = variables[REACTION] - transfer
        mean = variables["Negative electrode bulk open-circuit potential [V]"]
        phi_e = variables["Lithium metal interface electrolyte potential [V]"]
        delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        parts = {
            "electronic": -phi_e - delta_phi,
            "charge-transfer": transfer,
            "film": film,
            "particle diffusion": at_face - mean,
        }
        parts = {name: pybamm.yz_average(part) for name, part in parts.items()}
        return self._publish(variables, parts)


class SeparatorLoss(pybamm.BaseSubModel):
    """Ohmic loss in the separator, i R."""

    def get_coupled_variables(self, variables):
        i = variables["Current collector current density [A.m-2]"]
        resistance = variables["Separator ionic resistance [Ohm.m2]"]
        variables["Separator loss [V]"] = pybamm.yz_average(i * resistance)
        return variables
