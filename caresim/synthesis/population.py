"""Build the starting world: census figures in, registered people, their kin, villages and households out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from caresim.agents.people import (
    ALIVE,
    ELDER,
    FEMALE,
    MARRIED,
    NEVER,
    PRESENT,
    REGISTERED,
    VILLAGE,
    WIDOWED,
    People,
    adopt,
)
from caresim.agents.place import OLDEST, Place
from caresim.agents.world import World
from caresim.kernel.clock import EPOCH_YEAR, year_of
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.draws import Draws, purpose
from caresim.processes.migration import monthly_hazards
from caresim.synthesis.ages import age_counts, birth_months, places_away, spread
from caresim.synthesis.brothers import GROUPS_BELOW, families_outside
from caresim.synthesis.burn_in import absent_ratio, check_absent
from caresim.synthesis.couples import STATUS, marital_status, marry
from caresim.synthesis.draft import Draft
from caresim.synthesis.households import form_households
from caresim.synthesis.kinship import find_brides_parents, find_mothers, mothers_bear, settle_outside
from caresim.synthesis.luck import drawn, keys
from caresim.synthesis.order import in_order
from caresim.synthesis.places import read_place
from caresim.synthesis.villages import label, lay_out, settle

BIRTH_MONTH = purpose("synthesis.birth_month")
WHERE = purpose("synthesis.place_away")
BEREAVED = purpose("synthesis.bereaved")
ELDER_AGE = 60
SPARE = 0.01
"""Room for the first month; the first January makes room for a year."""


def build_world(scenario: Any, replication: int, columns: Iterable[Column]) -> World:
    """Build the world of a replication as it stands in the scenario's first month.

    Args:
        scenario: has `place` (a name or a folder), `start` (month number), `residents`, `townships`, `villages`,
            `seed`, `county` and `parameters_at(month)`, a mapping from group to declared parameters.
        replication: number of the replication.
        columns: state variables of the whole model, identity first.
    """
    start = scenario.start
    place = read_place(scenario.place, year_of(start))
    parameters = scenario.parameters_at(start)
    draws = Draws(scenario.seed, replication, getattr(scenario, "county", 0))
    territory = lay_out(scenario.villages, scenario.townships, parameters["villages"], draws)
    world = World(People(), territory, place, draws, start, start, parameters)
    draft = register(world, scenario.residents)
    kinship = parameters["kinship"]
    marry(draft, kinship, draws)
    slots = find_mothers(draft, mothers_bear(draft, place, kinship, draws), place, draws)
    village = settle(draft, territory, parameters["villages"], draws)
    township = territory.township[village].astype(np.int64)
    brides = find_brides_parents(
        draft, slots, township, township[_homes(draft, slots.mother)], kinship, draws
    )
    families_outside(draft, brides, place, kinship, draws)
    settle_outside(draft, slots)
    if place.territory != "rural":
        label(territory, village[draft.present], place.rural_share)
    household = form_households(draft, village, parameters["households"], draws)
    world.people = people_from(draft, village, household, place, draws, columns)
    return world


def register(world: World, residents: int) -> Draft:
    """Draw up the register: residents by the census, the absent by migration's hazards, marital status."""
    migration = world.parameters["migration"]
    place, start, draws = world.place, world.start, world.draws
    shares = world.away_shares(migration.town_share, migration.province_share)
    ratio = absent_ratio(
        *monthly_hazards(migration), migration.family_share, EPOCH_YEAR + start / 12,
        world.parameters["kinship"].migration_began, world.parameters["urbanisation"].absent_kept(),
    )  # fmt: skip
    check_absent(place.residents, ratio)
    female, age, present = spread(*age_counts(place.residents, residents, ratio, draws))
    key = keys(draws, 0, len(age))

    def away(first: int, n: int) -> np.ndarray:
        return places_away(drawn(draws, WHERE, keys(draws, first, n)), *shares)

    return Draft(
        start=start,
        key=key,
        born=birth_months(age, drawn(draws, BIRTH_MONTH, key), start),
        female=female,
        present=present,
        place=np.where(present, VILLAGE, away(0, len(age))),
        marital=marital_status(female, age, drawn(draws, STATUS, key), place.marital),
        away=away,
    )


def _homes(draft: Draft, mother: np.ndarray) -> np.ndarray:
    """Return a registered person in whose village a mother's family lives: herself, her husband or a son."""
    home = np.zeros(len(mother), dtype=np.int64)
    in_group = mother <= GROUPS_BELOW
    home[in_group] = draft.group_leader[GROUPS_BELOW - mother[in_group]]
    home[~in_group] = np.where(mother < draft.n, mother, draft.partner()[mother])[~in_group]
    return home


def people_from(
    draft: Draft,
    village: np.ndarray,
    household: np.ndarray,
    place: Place,
    draws: Draws,
    columns: Iterable[Column],
) -> People:
    """Fill the columns, with the rows of a village together, by sex and age."""
    n, n_kin = draft.n, draft.n_kin
    people = People(columns, n + round(SPARE * n) + 64, n_kin + round(SPARE * n_kin) + 64)
    people.n, people.n_kin = n, n_kin
    order = in_order((2 * village.astype(np.int64) + draft.female << 16) + draft.born)
    row = np.empty(n + n_kin + 1, dtype=np.int64)
    row[order] = np.arange(n)
    row[n:-1] = people.kin_start + np.arange(n_kin)
    row[-1] = NOBODY
    own, every = slice(0, n), row[:-1]
    people["key"][every] = keys(draws, 0, n + n_kin)
    people["born"][every] = draft.everyone("born")
    people["place"][every] = draft.everyone("place")
    people["spouse"][every] = row[draft.everyone("spouse")]
    people["state"][every] = draft.everyone("alive") * ALIVE + draft.everyone("female") * FEMALE
    old = draft.age >= ELDER_AGE
    people["state"][own] |= (REGISTERED + draft.present * PRESENT + old * ELDER).astype(np.uint8)[order]
    people["village"][own] = village[order]
    people["marital"][own] = draft.marital[order]
    people["widowed"][own] = bereavements(draft, place, draws)[order]
    _number_households(people, household[order])
    _link(people, draft, row)
    dead = draft.dead_children[order]
    children = np.bincount(people["mother"][every][people["mother"][every] >= 0], minlength=n)[:n]
    people["parity"][own] = np.where(people["state"][own] & FEMALE, children + dead, 0)
    return people


def _number_households(people: People, head: np.ndarray) -> None:
    """Number households from zero in the order of rows."""
    _, first, number = np.unique(head, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    absent = head[first] == NOBODY
    rank[in_order(np.where(absent, len(head), first))] = np.arange(len(first))
    people["household"][: people.n] = np.where(head == NOBODY, NOBODY, rank[number])
    people.n_households = int(np.count_nonzero(~absent))


def _link(people: People, draft: Draft, row: np.ndarray) -> None:
    """Link children to their parents, the newest child at the head of each chain."""
    mother = draft.everyone("mother")
    father = np.where(mother >= 0, draft.partner()[mother], draft.everyone("father"))
    child = np.flatnonzero((mother >= 0) | (father >= 0))
    child = child[in_order(draft.everyone("born")[child])]
    adopt(row[child], row[mother[child]], row[father[child]], *people.chains())


def bereavements(draft: Draft, place: Place, draws: Draws) -> np.ndarray:
    """Return the month of bereavement of those widowed within the last year, else NEVER.

    Their share among the widowed of an age is the year's deaths of spouses over the widowed.
    """
    death = place.rates.deaths(year_of(draft.start))
    age = np.minimum(draft.age, OLDEST - 1)
    sex = draft.female.astype(np.int64)
    status = place.marital[sex, age]
    spouses_age = np.clip(age + np.where(draft.female, 2, -2), 0, OLDEST - 1)
    share = death[1 - sex, spouses_age] * status[:, MARRIED] / np.maximum(status[:, WIDOWED], 1e-9)
    draw = drawn(draws, BEREAVED, draft.key)
    lately = (draft.marital == WIDOWED) & (draw < share)
    months = draft.start - 1 - (12 * draw / np.maximum(share, 1e-9)).astype(np.int64)
    return np.where(lately, np.maximum(months, draft.start - 12), NEVER)
