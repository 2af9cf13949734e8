"""What both sides must agree on, in one comparable form."""

from __future__ import annotations

OWN = ("village", "marital", "widowed", "parity", "disability", "dementia", "transfers")
"""Attributes that are compared as whole numbers."""


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
            **{name: int(getattr(person, name)) for name in OWN},
            "mother": parent_of(person.mother),
            "father": parent_of(person.father),
            "spouse": person.spouse and (int(person.spouse.key), person.spouse.registered),
            "children": tuple(
                (int(child.key), child.registered, child.resident, int(child.place))
                for child in reversed(person.children)
                if child.alive
            ),
        }
        if person.household is not None:
            homes.setdefault(id(person.household), set()).add(key)
    return assembled(people, homes, model.rural, model.adl_onsets, model.adl_exposed)


def parent_of(parent):
    return parent and (int(parent.key), parent.alive)


def assembled(people, homes, rural, onsets, exposed):
    return {
        "people": people,
        "households": {frozenset(home) for home in homes.values()},
        "rural": list(rural),
        "adl": (int(onsets), int(exposed)),
    }


def differences(expected, found, limit=5):
    """Return in words where two states differ: at most `limit` lines."""
    lines = [
        f"{part}: {expected[part]} | {found[part]}"
        for part in ("rural", "adl")
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
    return lines[:limit]
