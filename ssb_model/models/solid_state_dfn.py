"""The Doyle-Fuller-Newman model of an all-solid-state cell."""

from __future__ import annotations

import pybamm

from ssb_model.models.defaults import SolidStateDefaults
from ssb_model.models.options import SolidStateOptions
from ssb_model.submodels import (
    blend,
    conduction,
    contact,
    film,
    gauges,
    kinetics,
    open_circuit_potential,
    particles,
    planar,
    stack,
    transport_efficiency,
)
from ssb_model.submodels.contact_laws.law import contact_law

POTENTIAL = {
    "single": open_circuit_potential.Single,
    "current sigmoid": open_circuit_potential.CurrentSigmoid,
    "one-state hysteresis": open_circuit_potential.OneStateHysteresis,
}
CUT_OFFS = ("Minimum voltage [V]", "Maximum voltage [V]")
BEYOND_ANY = 1e3  # V


class SolidStateDFN(SolidStateDefaults):
    """Pseudo-2D model of a cell with a solid, single-ion electrolyte.

    The positive electrode is a pressed composite, in a half cell also a dense layer. The option
    "negative electrode" makes the negative one a "composite" too, a dense "layer" (silicon)
    lithium diffuses through, a metal "foil" (Li, Li-In), or a kind of one's own. The other
    options are those of ``own_options`` and of PyBaMM; what cannot be honoured is refused.

    Examples
    --------
    >>> model = SolidStateDFN({"negative electrode": "layer"})
    >>> model.options["contact"]
    'memory'
    """

    def __init__(self, options=None, name="Solid-state DFN model", build=True):
        if not isinstance(options, SolidStateOptions):
            options = SolidStateOptions(options)
        super().__init__(options, name, build)

    @property
    def options(self):
        """This model's and PyBaMM's; a plain dictionary, as a file has it, is checked."""
        return self._options

    @options.setter
    def options(self, given):
        if not isinstance(given, SolidStateOptions):
            given = SolidStateOptions(given)
        pybamm.lithium_ion.DFN.options.fset(self, given)

    # slots

    def set_submodels(self, build):
        for domain in self.options.porous:
            if blend.blended(domain, self.options):
                blend.give_kinds(self.param, domain)
        self.set_stack_submodels()
        self.set_pressing_submodels()
        self.set_gauge_submodels()
        self.set_film_submodel()
        self.set_contact_spots_submodel()
        super().set_submodels(build)

    def set_stack_submodels(self):
        held = stack.IsostaticStack if self.options["stack"] == "isostatic" else stack.ElasticStack
        self.submodels["stack"] = held(self.param, options=self.options)
        for domain in ("negative", "positive"):
            self.submodels[f"{domain} free thickness change"] = stack.FreeThicknessChange(
                self.param, domain, options=self.options
            )

    def set_pressing_submodels(self):
        for place in ("negative", "separator", "positive"):
            name = self.options.contact_law(place)
            if name == "constant":
                continue
            law = contact_law(name)
            kind = contact.RememberingPlace if law.remembers else contact.PressedPlace
            self.submodels[f"{place} pressing"] = kind(self.param, place, self.options, law)

        if self.options["voids"] != "none":
            self.submodels["negative voids"] = planar.FaceVoids(self.param, options=self.options)

    def set_gauge_submodels(self):
        self.submodels["separator loss"] = gauges.SeparatorLoss(self.param, options=self.options)
        self.submodels["ionic gauge"] = gauges.IonicGauge(self.param, options=self.options)
        for domain in ("negative", "positive"):
            self.submodels[f"{domain} interface gauge"] = gauges.InterfaceGauge(
                self.param, domain, options=self.options
            )
            porous = domain in self.options.porous
            self.submodels[f"{domain} losses"] = (
                gauges.CompositeLosses(self.param, domain, options=self.options, phase="primary")
                if porous
                else gauges.PlanarLosses(self.param, domain, options=self.options)
            )
        if "negative" in self.options.porous:
            self.submodels["plating margin"] = gauges.PlatingMargin(
                self.param, options=self.options
            )

    def set_film_submodel(self):
        for domain in ("negative", "positive"):
            submodel = film.FILMS[getattr(self.options, domain)["film"]]
            self.submodels[f"{domain} film"] = submodel(self.param, domain, options=self.options)

    def set_contact_spots_submodel(self):
        for domain in self.options.porous:
            submodel = contact.SPOTS[getattr(self.options, domain)["contact spots"]]
            self.submodels[f"{domain} contact spots"] = submodel(
                self.param, domain, options=self.options, phase="primary"
            )

    def set_interface_utilisation_submodel(self):
        for domain in ("negative", "positive"):
            law = self.options.contact_law(domain)
            submodel = contact.ConstantContact if law == "constant" else contact.PressedContact
            self.submodels[f"{domain.capitalize()} interface utilisation"] = submodel(
                self.param, domain, self.options
            )

    def set_active_material_submodel(self):
        super().set_active_material_submodel()
        for domain in self.options.porous:
            if stack.particles_leave(domain, self.options):
                self.submodels[f"{domain} primary active material"] = particles.ConnectedMaterial(
                    self.param, domain, self.options
                )
            elif self.options.is_layer(domain) or blend.in_classes(domain, self.options):
                plate = self.options.is_layer(domain)
                kind = blend.PlateMaterial if plate else blend.ClassedMaterial
                self.submodels[f"{domain} primary active material"] = kind(
                    self.param, domain, self.options
                )

    def set_particle_submodel(self):
        super().set_particle_submodel()
        for domain in self.options.porous:
            fick = getattr(self.options, domain)["particle"] == "Fickian diffusion"
            if particles.particles_age(domain, self.options):
                kind = particles.AgeingDiffusion if fick else particles.AgeingProfile
            elif blend.blended(domain, self.options):
                kind = blend.BlendedDiffusion
            elif blend.in_classes(domain, self.options):
                kind = blend.ClassedDiffusion if fick else blend.ClassedProfile
            else:
                continue
            self.submodels[f"{domain} primary particle"] = kind(self.param, domain, self.options)

    def set_transport_efficiency_submodels(self):
        self.submodels["electrolyte transport efficiency"] = transport_efficiency.IonicTransport(
            self.param, self.options
        )
        self.submodels["electrode transport efficiency"] = transport_efficiency.ElectronicTransport(
            self.param, self.options
        )

    def set_solid_submodel(self):
        super().set_solid_submodel()
        if self.options["surface form"] == "false":
            for domain in self.options.porous:
                self.submodels[f"{domain} electrode potential"] = conduction.ElectrodePotential(
                    self.param, domain, self.options
                )

    def set_electrolyte_concentration_submodel(self):
        self.submodels["electrolyte diffusion"] = (
            pybamm.electrolyte_diffusion.ConstantConcentration(self.param, self.options)
        )

    def set_electrolyte_potential_submodel(self):
        super().set_electrolyte_potential_submodel()
        if self.options["surface form"] == "false":
            self.submodels["electrolyte conductivity"] = conduction.SingleIonOhm(
                self.param, self.options
            )
            return
        for domain in (*self.options.porous, "separator"):
            self.submodels[f"{domain} surface potential difference"] = (
                conduction.ContactDoubleLayer(self.param, domain, self.options)
            )

    def set_intercalation_kinetics_submodel(self):
        for domain in self.options.porous:
            self.submodels[f"{domain} primary interface"] = kinetics.ContactKinetics(
                self.param, domain, self.options
            )

    def set_open_circuit_potential_submodel(self):
        for domain in self.options.porous:
            submodel = POTENTIAL[getattr(self.options, domain)["open-circuit potential"]]
            self.submodels[f"{domain} primary open-circuit potential"] = submodel(
                self.param, domain, "lithium-ion main", self.options, "primary", self.x_average
            )

    def set_li_metal_counter_electrode_submodels(self):
        if "negative" in self.options.porous:
            return
        if self.options.negative["open-circuit potential"] == "single":
            potential = open_circuit_potential.PlanarOpenCircuitPotential
        else:
            potential = open_circuit_potential.PlanarHysteresis
        if self.options["surface form"] == "false":
            interface = planar.PlanarInterface
        else:
            interface = planar.PlanarDoubleLayer
        self.submodels["negative electrode lithium"] = self.anode.lithium(self.param, self.options)
        self.submodels["negative primary open-circuit potential"] = potential(
            self.param, self.options
        )
        self.submodels["negative electrode interface"] = interface(self.param, self.options)

    # variables of the whole cell

    def set_voltage_variables(self):
        """Cut-offs end runs with a current: a cell may rest at a cut-off, or relax beyond."""
        super().set_voltage_variables()
        current = self.variables["Current [A]"]
        resting = (current <= 0) * (current >= 0)
        for place, event in enumerate(self.events):
            if event.name in CUT_OFFS:
                margin = event.expression + BEYOND_ANY * resting
                self.events[place] = pybamm.Event(event.name, margin, event.event_type)

    def set_degradation_variables(self):
        super().set_degradation_variables()
        if "negative" in self.options.porous:
            return
        # PyBaMM counts no lithium in a planar electrode
        negative = self.variables["Total lithium in negative electrode [mol]"]
        for name in ("Total lithium", "Total lithium in particles"):
            self.variables[f"{name} [mol]"] += negative
        for name in ("Total lithium capacity", "Total lithium capacity in particles"):
            self.variables[f"{name} [A.h]"] += negative * self.param.F / 3600
