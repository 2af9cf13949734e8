"""The model: build a world from a scenario, and let its months pass."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import mesa
from mesa.agent import Agent, AgentSet

from caresim import catalogue
from caresim.agents.checks import check_month, note_stock
from caresim.agents.government import Government
from caresim.agents.institution import Institution
from caresim.agents.people import People
from caresim.agents.place import Territory
from caresim.agents.provider import HomeCareProvider
from caresim.agents.sets import PersonSet
from caresim.agents.social_work_station import SocialWorkStation
from caresim.agents.township_centre import TownshipCentre
from caresim.agents.views import ROLES, Elder, FamilyMember, Gone, Person, Volunteer, view_row
from caresim.agents.village import Village
from caresim.agents.world import World
from caresim.recorder import Recorder
from caresim.records import Records
from caresim.schedule import begin, in_order
from caresim.synthesis.population import build_world

if TYPE_CHECKING:
    from caresim.scenario import Scenario

__all__ = [
    "CareModel",
    "Elder",
    "FamilyMember",
    "Gone",
    "Institution",
    "Person",
    "PersonSet",
    "Village",
    "Volunteer",
]


class CareModel(mesa.Model):
    """A county that lives, as a Mesa model; see `docs/mesa.md` for what that offers.

    Args:
        scenario: what is assumed about the world.
        mix: name of the policy mix; its instruments act in the month, its name never enters a draw.
        replication: number of the replication, which with the scenario's seed decides all luck.
        collect: keep the indicators in a Mesa `DataCollector` too, beside `records`.

    Attributes:
        world: all state.
        records: the indicators of the months that have passed; reading one makes a dict, with `month` as ``2020-01``.
        government: the agent who sets the budget and pays.
        station: the agent over the social workers.
        datacollector: Mesa's collector of the same, or None; you can put your own in its place.

    Raises:
        ConfigError: the scenario has no such mix.
    """

    def __init__(
        self, scenario: Scenario, mix: str = "status_quo", replication: int = 0, collect: bool = True
    ) -> None:
        super().__init__(rng=[scenario.seed, replication])
        self.mix = scenario.mix(mix)
        self.scenario = scenario
        self.replication = replication
        self.world = _populate(scenario, replication)
        self.records = Records(_recorder().names, scenario.start)
        self.datacollector = _collector() if collect else None
        self._shuffles = 0
        self._villages = [Village(self, number) for number in range(len(self.territory))]
        HomeCareProvider.of(self)
        TownshipCentre.of(self)
        self.government = Government.of(self)
        self.station = SocialWorkStation.of(self)
        self._institutions: list[Institution] = []
        self._meet_institutions()
        self.running = scenario.months > 0

    # --- time -----------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Let one month pass: open it, run its processes in order, record it, check its laws.

        Raises:
            LawBroken: a law of the model does not hold at the month's end.
        """
        world = self.world
        month = world.start + len(self.records)
        world.open_month(
            month,
            self.scenario.parameters_at(month, self.mix.name),
            self.scenario.policy_at(month, self.mix.name),
        )
        for process in in_order(world):
            process.run(world)
        check_month(world)
        self._meet_institutions()
        self.records.note(_recorder().row(world))
        self.running = len(self.records) < self.scenario.months
        if self.datacollector is not None:
            self.datacollector.collect(self)

    def run(self) -> Records:
        """Let the scenario's remaining months pass, and return the records."""
        while self.running:
            self.step()
        return self.records

    @property
    def month(self) -> int:
        """Return the number of the last month that passed; at first, of the month that opens."""
        return self.world.month

    # --- who is there ---------------------------------------------------------------------------------------

    @property
    def people(self) -> People:
        """Return the table of people."""
        return self.world.people

    @property
    def territory(self) -> Territory:
        """Return the table of villages."""
        return self.world.territory

    @property
    def agents(self) -> PersonSet:
        """Return everybody: the living people of the register, then the ordinary agents."""
        return PersonSet(self, everybody=True)

    @property
    def agents_by_type(self) -> dict[type[Agent], Any]:
        """Return the agents by type; roles overlap, and `Person` holds all of them."""
        return {**{role: PersonSet(self, role) for role in ROLES}, **self._agents_by_type}

    @property
    def agent_types(self) -> list[type]:
        """Return the roles of people and the types of ordinary agents."""
        return [*ROLES, *self._agents_by_type]

    @property
    def persons(self) -> PersonSet:
        """Return the living people of the register, resident or away."""
        return PersonSet(self)

    @property
    def elders(self) -> PersonSet:
        """Return the residents of 60 and over."""
        return PersonSet(self, Elder)

    @property
    def family_members(self) -> PersonSet:
        """Return the registered adults with a living registered elder as parent, parent-in-law or spouse."""
        return PersonSet(self, FamilyMember)

    @property
    def volunteers(self) -> PersonSet:
        """Return the registered volunteers."""
        return PersonSet(self, Volunteer)

    @property
    def villages(self) -> AgentSet:
        """Return the villages, ordinary Mesa agents."""
        return self._agents_by_type[Village]

    @property
    def ordinary_agents(self) -> AgentSet:
        """Return the agents that are objects of their own: villages, and whatever else you made."""
        return self._all_agents

    @property
    def institutions(self) -> AgentSet:
        """Return the care homes, open and closed, ordinary Mesa agents."""
        return self._all_agents.select(agent_type=Institution)

    def institution(self, number: int) -> Institution:
        """Return a care home by its number."""
        return self._institutions[number]

    def _meet_institutions(self) -> None:
        """Make an agent of each care home that has opened."""
        for number in range(len(self._institutions), len(self.world.homes)):
            self._institutions.append(Institution(self, number))

    def village(self, number: int) -> Village:
        """Return a village by its number."""
        return self._villages[number]

    def person(self, row: int) -> Person:
        """Return a lasting view of the person of a row."""
        return view_row(Person, self, int(row))

    def next_shuffle(self) -> int:
        """Return the number of a shuffle, so that two of one month differ."""
        self._shuffles += 1
        return self._shuffles

    # --- Mesa -----------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:  # type: ignore[override]
        """Return the scenario, which Mesa 3.5 would write into."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        self._scenario = scenario

    def register_agent(self, agent: Agent) -> None:
        """Register an ordinary agent; Mesa calls this when one is made."""
        super().register_agent(agent)
        counters = getattr(Agent, "_ids", None)
        if counters is not None:  # Mesa 3.3 counts in the class, which would keep every model alive
            counters.pop(self, None)
            self._n_registered = getattr(self, "_n_registered", 0) + 1
            agent.unique_id = self._n_registered


@functools.cache
def _recorder() -> Recorder:
    return Recorder(catalogue.indicators())


def _populate(scenario: Scenario, replication: int) -> World:
    """Return the world on the eve of the first month, whatever mix follows: its people, and their past."""
    world = build_world(scenario, replication, catalogue.columns())
    world.enact(*scenario.before)
    begin(world)
    note_stock(world)
    return world


def _latest(model: CareModel, place: int) -> float:
    return model.records.latest(place)


def _collector() -> mesa.DataCollector:
    reporters = {
        name: functools.partial(_latest, place=place) for place, name in enumerate(_recorder().names)
    }
    return mesa.DataCollector(model_reporters=reporters)
