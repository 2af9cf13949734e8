"""What the starting population rests on beside census figures: kin, households and villages."""

from __future__ import annotations

from caresim.kernel.parameters import Parameters, parameter


class Kinship(Parameters):
    """Who is away, who is married, whose children live where."""

    migration_began: float = parameter(
        1992.0, unit="calendar year", low=1985.0, high=2000.0, limits=(1950.0, 2009.0),
        source="nbs_migrants2020", evidence="fitted",
        meaning="Year in which people began to leave for work; leaving then grew in a straight line "
        "until 2010. Fitted to .23 absent per resident of rural China in 2010.",
    )  # fmt: skip

    rural_excess: float = parameter(
        0.25, unit="children", low=-0.3, high=0.4, limits=(-2.0, 2.0), source="judgement",
        evidence="judgement", meaning="Children ever born to rural women beyond the mean of all women; negative where "
        "fewer are born than in the nation.",
    )  # fmt: skip
    childless_share: float = parameter(
        0.04, unit="share", low=0.02, high=0.08, source="lei2015", evidence="derived",
        meaning="Share of married women who never bear a child; with the never-married and with children who "
        "died, about 7 % of people of 60 and over have no living child.",
    )  # fmt: skip
    family_size_dispersion: float = parameter(
        1.1, unit="variance per mean", low=1.01, high=1.6, limits=(1.001, 5.0), source="judgement",
        evidence="judgement", meaning="Variance per mean of the number of children beyond the first.",
    )  # fmt: skip
    birth_spacing: int = parameter(
        15, unit="months", low=10, high=24, source="judgement", evidence="judgement",
        meaning="Least time between two births of a mother.", limits=(9, 48), role="constant",
    )  # fmt: skip
    early_child_deaths: float = parameter(
        0.15, unit="share", low=0.08, high=0.22, source="recalled_child_mortality", evidence="recalled",
        meaning="Share of children born before 1950 who died young beyond what the oldest table of death "
        "rates says; falls in a straight line to none for those born from 1990.",
    )  # fmt: skip
    age_gap: float = parameter(
        2.0, unit="years", low=1.0, high=3.0, source="judgement", evidence="judgement",
        meaning="Years by which a husband is older than his wife, on average.", limits=(-10.0, 15.0),
    )  # fmt: skip
    age_gap_spread: float = parameter(
        2.5, unit="years", low=1.5, high=4.0, source="judgement", evidence="judgement",
        meaning="Standard deviation of the years between spouses, before the marriage market is cleared.",
        limits=(0.0, 10.0),
    )  # fmt: skip
    couples_away_together: float = parameter(
        0.6, unit="share", low=0.4, high=0.8, source="judgement", evidence="judgement",
        meaning="Share of absent wives whose husband is absent too, as far as absent husbands suffice.",
    )  # fmt: skip
    marry_within_township: float = parameter(
        0.5, unit="share", low=0.4, high=0.6, source="judgement", evidence="judgement",
        meaning="Share of married women from the territory whose parents live in the husband's township.",
    )  # fmt: skip
    bride_from_outside_territory: float = parameter(
        0.2, unit="share", low=0.05, high=0.35, source="judgement", evidence="judgement",
        meaning="Share of married women below 65 who came from outside the territory.",
    )  # fmt: skip
    outside_brothers: float = parameter(
        1.0, unit="persons", low=0.5, high=2.0, source="judgement", evidence="judgement",
        meaning="Living brothers outside the territory of a bride from there, on average.", limits=(0.0, 3.0),
    )  # fmt: skip


class Households(Parameters):
    """Who of the residents lives with whom at the start."""

    parents_couple_with_child: float = parameter(
        0.28, unit="probability", low=0.1, high=0.7, source="nbs_census2010", evidence="fitted",
        meaning="Probability that two present parents, the older of them 60 or over, live with a married "
        "child who lives in their village.",
    )  # fmt: skip
    younger_couple_with_child: float = parameter(
        0.97, unit="probability", low=0.2, high=1.0, source="nbs_census2010", evidence="fitted",
        meaning="The same of parents who are both below 60: young couples begin in the house of the parents.",
    )  # fmt: skip
    parent_widowed_with_child: float = parameter(
        0.66, unit="probability", low=0.3, high=0.9, source="nbs_census2010", evidence="fitted",
        meaning="Probability that a parent without spouse in the village lives with a married child there.",
    )  # fmt: skip
    unmarried_adult_with_parent: float = parameter(
        0.99, unit="probability", low=0.5, high=1.0, source="nbs_census2010", evidence="fitted",
        meaning="Probability that a person of 18-59 who has no spouse at home lives with own parents, "
        "parents-in-law, grandparents, or a brother or sister in the same village.",
    )  # fmt: skip


class Villages(Parameters):
    """Sizes and places of the villages."""

    size_spread: float = parameter(
        0.4, unit="standard deviation of the logarithm", low=0.2, high=0.7, source="judgement",
        evidence="judgement", meaning="Spread of village sizes.", limits=(0.0, 1.5),
    )  # fmt: skip
    county_radius: float = parameter(
        35.0, unit="km", limits=(0.0, 1000.0), low=20.0, high=60.0, source="judgement", evidence="judgement",
        meaning="Distance of the outermost ordinary townships from the county seat.",
    )  # fmt: skip
    township_radius: float = parameter(
        8.0, unit="km", limits=(0.0, 200.0), low=4.0, high=12.0, source="judgement", evidence="judgement",
        meaning="Distance of a township's outermost ordinary villages from its centre.",
    )  # fmt: skip
    remote_share: float = parameter(
        0.1, unit="share", low=0.0, high=0.3, source="judgement", evidence="judgement",
        meaning="Share of the villages that form the remote cluster (mountain, island).",
    )  # fmt: skip
    remote_factor: float = parameter(
        2.5, unit="ratio", low=1.5, high=4.0, source="judgement", evidence="judgement",
        meaning="Distances in the remote cluster, relative to elsewhere.", limits=(1.0, 10.0),
    )  # fmt: skip


GROUPS: dict[str, type[Parameters]] = {"kinship": Kinship, "households": Households, "villages": Villages}
