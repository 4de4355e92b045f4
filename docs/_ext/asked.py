"""Words that people search a page by and that it does not say, and what they ask.

The words go into the pages as keywords, which the search reads; ``python -m docs.search`` asks the
questions in a browser and says at which place the right page comes.
"""

from __future__ import annotations

KEYWORDS = {
    "start": "install installation windows mac macos linux begin tutorial quickstart started",
    "shell": "command line cli terminal option flag exit code file output json",
    "python": "api script notebook jupyter function import simulate discharge",
    "fitting": "estimate parameter identification inverse identifiable correlated error "
    "uncertainty bayesian posterior mcmc diffusivity conductivity exchange current resistance",
    "scales": "cutoff cutoffs reference potential li in indium 0 62 offset electrode versus "
    "specific areal mah "
    "soc definition meaning crate 1c rate current state of charge constant voltage cv",
    "limits": "validity range valid validated temperature pressure trust assumptions missing",
    "validation": "accuracy accurate validated experiment literature trust error misses compare",
    "reference/published": "accuracy experiment literature misses wrong error figures report",
    "faq": "why low high too wrong problem troubleshooting help error slow killed resume continue "
    "stopped refused measured",
    "glossary": "definition meaning term terms words what is symbol",
    "model": "assumptions equations physics dfn p2d newman options what included",
    "contact": "fraction loss area asperity stack fabrication pressure law hardness coverage",
    "speed": "fast slow time runtime performance seconds",
    "cite": "citation bibtex doi paper license",
    "contributing": "develop developer add maker verb pull request",
    "howto/lab-book": "recipe weights mg die pellet weighed own my cell file new enter input",
    "howto/own-cell": "two active materials blend bimodal sizes mixture recipe change "
    "set edit input custom porosity thickness loading area "
    "separator "
    "cathode voltage limits cut off toml file new parameters",
    "howto/neware": "import load open cycler csv data record upload excel xlsx nda ndax",
    "howto/measured-data": "import load open upload cycler experiment overlay compare export "
    "convert "
    "excel biologic arbin maccor landt gamry zahner mpt mpr data csv save",
    "howto/my-impedance": "eis nyquist semicircle drt relaxation equivalent circuit resistance fit "
    "spectrum experimental measured import",
    "howto/impedance": "eis nyquist simulate spectrum cpe frequency arcs semicircle",
    "howto/my-titration": "gitt diffusion coefficient diffusivity pulse relaxation measured",
    "howto/gitt": "diffusion coefficient titration simulate diffusivity pulse relaxation",
    "howto/discharge": "simulate run curve charge cccv cv constant current voltage spring rigid "
    "frame "
    "isostatic fixture pressure temperature",
    "howto/rate-test": "capability crate fast capacity high rate",
    "howto/limits": "bottleneck limiting limit overpotential contributions polarisation loss "
    "resistance my slow what",
    "howto/cycle": "ageing aging degradation fade fading retention cycling life lifetime capacity "
    "years interphase growth",
    "howto/pressure-steps": "release repress press again history change stack resistance",
    "howto/diagnose": "degradation loss interphase sei dead lost active material cause ageing "
    "resistance growth contact delamination void lithium",
    "howto/min-pressure": "minimum least lowest required needed necessary how much stack pressure "
    "interval uncertainty sure need",
    "howto/pressure-window": "too much pressure maximum upper limit creep short dendrite "
    "stripping voids plating lithium",
    "howto/holder": "spring bolts plates rubber gas fixture jig torque preload swing variation "
    "frame stiffness breathing measured load cell",
    "howto/pressure-schedule": "formation pressure repress press again schedule life optimise",
    "howto/uneven": "map distribution inhomogeneous paper patches unequal",
    "howto/energy": "wh/kg wh/l gravimetric volumetric specific density mass weight volume layers "
    "foil pouch cost price per kwh cell level",
    "howto/layers": "multilayer bilayer heat temperature stacked self-heating cooling pouch",
    "howto/design": "optimise optimize optimum best pareto front multi objective nsga trade-off "
    "goal maximise constraint",
    "howto/sweep": "map heatmap optimise optimize vary many parameter study scan grid thickness",
    "howto/cluster": "slurm hpc parallel nodes queue job server",
    "howto/bands": "uncertainty error bars confidence interval sensitivity monte carlo spread sure "
    "validated range temperature",
    "howto/explorer": "gui web app slider interactive browser click graphical without programming",
    "howto/materials": "own new oxide nmc argyrodite halide silicon graphite indium first charge "
    "electrolyte other cell active material conductivity",
    "howto/own-law": "custom extension plugin add contact own write user defined",
    "howto/pybamm": "experiment simulation eissimulation parameter values script",
    "theory/interface": "butler volmer kinetics sei resistance coating exchange current",
    "theory/recipe": "porosity volume fraction loading thickness np ratio capacity balance",
    "theory/mechanics": "expansion swelling spring rigid frame stack volume change",
    "theory/micro_contact": "asperity friction hysteresis pressure exponent",
    "theory/transport": "tortuosity percolation ionic electronic conductivity effective binder",
    "theory/cracking": "crack fracture particle",
    "theory/diffusion": "fick lithium solid particle diffusivity",
    "reference/cell-file": "porosity separator thickness parameter input toml key np ratio",
    "reference/quantities": "output column csv header meaning unit result stopped by",
}
QUESTIONS = {  # as an experimentalist types them, and the pages that answer
    "neware file": "howto/neware",
    "minimum stack pressure": "howto/min-pressure",
    "voltage against Li-In": "scales",
    "capacity too low": "faq",
    "what limits my cell": "howto/limits",
    "fit diffusivity": "fitting",
    "contact loss or interphase": "howto/diagnose",
    "GITT diffusion coefficient": "howto/my-titration howto/gitt",
    "EIS semicircle": "howto/my-impedance",
    "install windows": "start",
    "uncertainty": "howto/bands",
    "capacity fade cycling": "howto/cycle",
    "change porosity": "howto/own-cell",
    "own electrolyte": "howto/materials",
    "slurm": "howto/cluster",
    "is it validated": "validation",
    "temperature range": "limits",
    "contact fraction": "contact",
    "how to cite": "cite",
    "half cell": "howto/materials",
    "meaning of C-rate": "scales",
    "rigid frame": "howto/discharge gallery/plot_20_breathing",
    "biologic mpt": "howto/measured-data",
    "slider": "howto/explorer",
    "lithium plating": "gallery/plot_26_plating",
    "grain size map": "gallery/plot_12_map",
    "own contact law": "howto/own-law",
    "stack pressure history": "contact howto/pressure-steps",
    "columns of the csv": "reference/quantities",
    "tortuosity": "theory/transport",
}


def front_matter(page: str) -> str:
    """What stands before a page so that the search finds it by these words, too."""
    words = KEYWORDS.get(page)
    if words is None:
        return ""
    return f"---\nmyst:\n  html_meta:\n    keywords: {', '.join(words.split())}\n---\n\n"
