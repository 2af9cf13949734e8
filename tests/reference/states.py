"""What both sides must agree on, in one comparable form."""

from __future__ import annotations

from collections import Counter

CARE = (
    "arrangement", "job", "income", "quintile", "need", "given", "volunteer", "member", "unmet",
    "main_relation", "medical_missed", "burden", "ties", "efficacy", "loneliness_stable", "loneliness_passing",
    "loneliness", "mood", "digital_skill",
)  # fmt: skip
OWN = ("village", "marital", "widowed", "parity", "disability", "dementia", "transfers", *CARE)
"""Attributes that are compared as whole numbers."""
LISTED = ("capacity", "coins", "grandchild_minutes", "child_unminded")
"""Further ones of a few people, who are listed or marked in `state`, so that they have no column."""


def model_state(model):
    """Return everything that matters about a reference model's living registered people; see `columns_state`."""
    people = {}
    homes = {}
    for person in model.people:
        key = int(person.key)
        people[key] = {
            "born": person.born,
            "sex": int(person.female),
            "resident": person.resident,
            "place": int(person.place),
            **{name: int(getattr(person, name)) for name in OWN + LISTED},
            "mother": parent_of(person.mother),
            "father": parent_of(person.father),
            "pair": person.pair and int(person.pair.key),
            "main_carer": person.main_carer and int(person.main_carer.key),
            "spouse": person.spouse and (int(person.spouse.key), person.spouse.registered),
            "children": tuple(
                (int(child.key), child.registered, child.resident, int(child.place))
                for child in reversed(person.children)
                if child.alive
            ),
        }
        if person.household is not None:
            homes.setdefault(id(person.household), set()).add(key)
    gifts = [
        (
            gift.giver and int(gift.giver.key),
            int(gift.case.elder.key),
            gift.relation,
            gift.where,
            tuple(gift.minutes),
        )
        for gift in model.gifts
    ]
    kin = {int(one.key): (one.given, one.capacity) for one in model.kin if one.given or one.capacity}
    bank = model.bank
    return assembled(
        people, homes,
        rural=list(model.rural), adl=(model.adl_onsets, model.adl_exposed), gifts=counted(gifts), kin=kin,
        homes_of_villages=list(model.home), employment_lost=round(model.employment_lost, 9),
        bank=(bank.pool, bank.government, bank.lost, round(bank.confidence, 12), bank.opened),
    )  # fmt: skip


def counted(gifts):
    """Return hand-overs in an order of their own, whatever the order in which they happened."""
    return sorted(gifts, key=str)


def parent_of(parent):
    return parent and (int(parent.key), parent.alive)


def assembled(people, homes, **parts):
    return {"people": people, "households": {frozenset(home) for home in homes.values()}, **parts}


def differences(expected, found, limit=5):
    """Return in words where two states differ: at most `limit` lines."""
    lines = [
        f"{part}: {expected[part]} | {found[part]}"
        for part in expected.keys() - {"people", "households", "gifts"}
        if expected[part] != found[part]
    ]
    ours, theirs = expected["people"], found["people"]
    for key in sorted(ours.keys() ^ theirs.keys()):
        lines.append(
            f"{key} only {'in the reference' if key in ours else 'in the columns'}: {(ours.get(key) or theirs[key])}"
        )
    for key in sorted(ours.keys() & theirs.keys()):
        if ours[key] != theirs[key]:
            names = [name for name in ours[key] if ours[key][name] != theirs[key][name]]
            said = "; ".join(f"{name} {ours[key][name]} | {theirs[key][name]}" for name in names)
            lines.append(f"{key} (born {ours[key]['born']}): {said}")
    for home in expected["households"] ^ found["households"]:
        side = "in the reference" if home in expected["households"] else "in the columns"
        lines.append(f"household {sorted(home)} only {side}")
    lines += differences_of_gifts(expected["gifts"], found["gifts"])
    return lines[:limit]


def differences_of_gifts(expected, found):
    """Return the hand-overs (giver, receiver, relation, where, minutes) that only one side knows."""
    ours, theirs = Counter(expected), Counter(found)
    lines = [f"hand-over {gift} only in the reference" for gift in (ours - theirs).elements()]
    return lines + [f"hand-over {gift} only in the columns" for gift in (theirs - ours).elements()]
