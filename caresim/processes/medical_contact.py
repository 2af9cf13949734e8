"""Medical contact: who comes to a doctor, and who is too far away or has nobody to come along."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import CARE_WORKER
from caresim.agents.people import INSTITUTION
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

NEEDS_COMPANY = 2
"""Disability state from which a person needs somebody to come along."""
NO_PERSON, PAID_CARE = 0, CARE_WORKER + 1
"""Codes of the column `main_relation` of those without a person as main carer."""
NURSED = 2
"""Mark of the column `care_bed` of those who were nursed at home this month."""


class MedicalContact(Parameters):
    """Contacts with a doctor that elders need, and what keeps them away."""

    contacts: tuple[float, float, float, float] = parameter(
        (0.5, 0.8, 1.2, 2.0), unit="contacts per month", limits=(0.0, 30.0),
        meaning="Contacts with a doctor or nurse needed in disability states 0-3.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    per_km: float = parameter(
        0.03, unit="share per km", limits=(0.0, 1.0), low=0.01, high=0.06,
        meaning="Share of contacts that each kilometre to the township's centre takes away.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    unescorted: float = parameter(
        0.6, unit="share", low=0.4, high=0.9,
        meaning="Share of contacts that is left in states 2 and 3 without a person as main carer.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    on_site: float = parameter(
        0.0, unit="share", limits=(0.0, 1.0), low=0.0, high=0.8, local=True,
        meaning="Share of the contacts lost by distance or for want of company that doctors make up by coming home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    def missed(self, distance: np.ndarray, on_site: np.ndarray) -> np.ndarray:
        """Return the hundredths missed by village (rows) and whether somebody would have to come along but does not."""
        comes = np.maximum(0.0, 1.0 - self.per_km * np.asarray(distance, dtype=np.float64))
        shares = np.stack([comes, comes * self.unescorted], axis=1)
        left = np.maximum(0.0, 1.0 - on_site)
        return np.floor(100.0 * (1.0 - shares) * left[:, None]).astype(np.uint8)


def see_doctor(world: World) -> None:
    """Note for every resident elder which share of the contacts needed does not come about."""
    given: MedicalContact = world.parameters["medical_contact"]
    missed = world.once(
        "medical_contact.missed", (world.enacted, given),
        lambda: given.missed(world.territory.distance, world.by_village("medical_contact.on_site")),
    )  # fmt: skip
    columns = world.people.arrays
    note_missed(
        world.elders, columns["medical_missed"], columns["village"], columns["disability"], columns["main_relation"],
        columns["place"], columns["care_bed"], missed,
    )  # fmt: skip


@compiled
def note_missed(elders, medical_missed, village, disability, main_relation, place, care_bed, missed):
    """Write the hundredths missed; 0 for all but resident elders outside institutions who are not nursed at home."""
    medical_missed[:] = 0
    for i in elders:
        if place[i] != INSTITUTION and not care_bed[i] & NURSED:
            person = main_relation[i] != NO_PERSON and main_relation[i] < PAID_CARE
            alone = disability[i] >= NEEDS_COMPANY and not person
            medical_missed[i] = missed[village[i], 1 if alone else 0]


PROCESS = Process(
    name="medical_contact",
    run=see_doctor,
    settles=True,
    reads=("village", "disability", "main_relation", "place", "care_bed"),
    writes=("medical_missed",),
    meaning="Elders miss part of the contacts with a doctor that they need: far from the township, or with nobody to "
    "come along.",
    parameters=MedicalContact,
    columns=(
        Column("medical_missed", np.uint8, 0, "hundredths", "Share of a resident elder's needed medical contacts that "
               "does not come about.", "medical_contact", elder=True, most=100),
    ),
)  # fmt: skip
