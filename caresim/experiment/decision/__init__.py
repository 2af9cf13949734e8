"""Decide between mixes: cost-effectiveness, net benefit, ranks, the Pareto set, what each part carries."""

from caresim.experiment.decision.analysis import decide
from caresim.experiment.decision.benefit import acceptability, net_benefit, perfect_information
from caresim.experiment.decision.coalitions import shapley, synergy
from caresim.experiment.decision.displacing import displacement
from caresim.experiment.decision.frontier import cost_effectiveness, plane
from caresim.experiment.decision.pareto import pareto_set
from caresim.experiment.decision.ranks import rank_probabilities
from caresim.experiment.decision.shocks import resilience
from caresim.experiment.decision.structure import structures
from caresim.experiment.decision.thresholds import THRESHOLDS
from caresim.experiment.decision.variance import variance_components

__all__ = [
    "THRESHOLDS",
    "acceptability",
    "cost_effectiveness",
    "decide",
    "displacement",
    "net_benefit",
    "pareto_set",
    "perfect_information",
    "plane",
    "rank_probabilities",
    "resilience",
    "shapley",
    "structures",
    "synergy",
    "variance_components",
]
