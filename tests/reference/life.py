"""Birth, ageing, illness, death and widowhood, one person at a time."""

from __future__ import annotations

import math

from caresim.agents.care import FULL, LONELY
from caresim.kernel.clock import year_of

from .people import MARRIED, WIDOWED, Person

OLDEST_AGE = 109


def chance(hazard):
    """Return the probability of an event within a month."""
    return 1.0 - math.exp(-hazard)


# --- fertility ------------------------------------------------------------------------------------------


def fertility(model):
    """Let married women bear."""
    parameters, luck = model.parameters["fertility"], model.luck
    year = year_of(model.month)
    if model.month % 12 == 0 or model.exposure_spacing != parameters.spacing:
        model.exposure = count_exposure(model, parameters.spacing)
        model.exposure_spacing = parameters.spacing
    births = model.rates.births(year).tolist()
    stream = luck.stream("fertility.birth", model.month)
    bearing = []
    for woman in model.people:
        if woman.female and at_risk(woman, model.month, parameters.spacing):
            rate = births[woman.age] * parameters.multiplier / 12
            if luck.uniform(stream, woman.key) < min(0.5, rate * raised(model, births, woman.age)):
                bearing.append(woman)
    deliver(model, bearing, parameters.left_behind_share)


def at_risk(woman, month, spacing):
    if woman.marital != MARRIED or not 15 <= woman.age <= 49:
        return False
    return not woman.children or month - woman.children[-1].born >= spacing


def count_exposure(model, spacing):
    """Count women by age: all, and those at risk."""
    counts = {}
    for woman in model.people:
        if woman.female and 15 <= woman.age <= 49:
            found = counts.setdefault(woman.age, [0, 0])
            found[0] += 1
            found[1] += at_risk(woman, model.month, spacing)
    return counts


def raised(model, births, age):
    """Return by how much the rates of an age are raised among women at risk, or 0 if there is none."""
    ages = range(15, 25) if age < 25 else range(age // 5 * 5, age // 5 * 5 + 5)
    expected = risky = 0.0
    for other in ages:
        everybody, at_risk = model.exposure.get(other, (0, 0))
        expected += births[other] * everybody
        risky += births[other] * at_risk
    return expected / risky if risky > 0 else 0.0


def deliver(model, mothers, left_behind_share):
    luck = model.luck
    boys_per_girl = float(model.rates.sex_ratio[model.rates.row(year_of(model.month))])
    share_of_boys = boys_per_girl / (1 + boys_per_girl)
    sexes = luck.stream("fertility.sex", model.month)
    left = luck.stream("fertility.left_behind", model.month)
    for mother in mothers:
        key = luck.child_key(mother.key, mother.parity + 1)
        child = Person(model, key, model.month, luck.uniform(sexes, key) >= share_of_boys)
        mother.parity += 1
        child.adopt(mother, mother.spouse)
        child.village = mother.village
        if mother.resident:
            child.come_home(mother.household)
        elif luck.uniform(left, key) < left_behind_share:
            child.come_home(None)
        else:
            child.place = mother.place
        model.enrol(child)


# --- ageing ---------------------------------------------------------------------------------------------


def ageing(model):
    """Let people of 60 become elders."""
    for person in model.people:
        if model.month - person.born >= 720:
            person.elder = True


# --- functional decline and dementia --------------------------------------------------------------------


def functional_decline(model):
    """Let people of 50 and over lose or regain function."""
    p = model.parameters["functional_decline"]
    trend = (1 - p.improvement_year) ** (year_of(model.month) - p.improvement_from)
    stream = model.luck.stream("functional_decline.change", model.month)
    model.adl_onsets = model.adl_exposed = 0
    for person in model.people:
        age = person.age
        if age < 50:
            continue
        before = person.disability
        person.disability += change_of_state(model, stream, person, min(age, OLDEST_AGE) + 0.5 - 70, trend)
        if age >= 65 and before < 2:
            model.adl_exposed += 1
            model.adl_onsets += person.disability == 2


def change_of_state(model, stream, person, x, trend):
    """Return +1, 0 or -1."""
    p, state = model.parameters["functional_decline"], person.disability
    worse = better = 0.0
    if state < 3:
        worse = chance(p.onset[state] * math.exp(p.onset_slope[state] * x) * trend)
    if state > 0:
        better = chance(p.recovery[state - 1] * math.exp(-p.recovery_slope * x))
    if person.resident_elder and state in (1, 2):
        worse = raised_by(worse, decline_factor(person, p) / model.decline_means[state])
    u = model.luck.uniform(stream, person.key)
    if u < worse:
        return 1
    return -1 if u < worse + better else 0


def raised_by(probability, factor):
    """Return the probability of an event within a month at so many times its hazard."""
    return 1 - math.exp(factor * math.log(1 - probability))


def decline_factor(person, p):
    return math.exp(p.unmet_effect * (person.unmet / FULL))


def means_of_decline(model):
    """Return the mean effect of unmet need on decline by state, among the resident elders."""
    p = model.parameters["functional_decline"]
    return {
        state: mean(
            decline_factor(person, p) for person in model.people
            if person.resident_elder and person.disability == state
        )
        for state in (1, 2)
    }  # fmt: skip


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values) if values else 1.0


def dementia(model):
    """Let people of 60 and over fall ill with dementia."""
    p = model.parameters["dementia"]
    stream = model.luck.stream("dementia.onset", model.month)
    for person in model.people:
        if person.dementia or person.age < 60:
            continue
        x = min(person.age, OLDEST_AGE) + 0.5 - p.onset_age
        if model.luck.uniform(stream, person.key) < chance(p.onset_year * 2 ** (x / p.doubling_years) / 12):
            person.dementia = True


# --- mortality and widowhood ----------------------------------------------------------------------------


def relative_risk(person, p):
    risk = p.relative_risks[person.disability]
    if person.age >= 80:
        risk = risk**p.oldest_old_strength
    return risk * p.relative_risk_dementia if person.dementia else risk


def starting_norm(model, burn_in):
    """Return the mean relative risk by sex and age that the prevalences of the burn-in imply."""
    p = model.parameters["mortality"]
    norm = {}
    for female in (0, 1):
        for age in range(60, OLDEST_AGE + 1):
            power = p.oldest_old_strength if age >= 80 else 1.0
            states = burn_in["disability"][female, age]
            mean = sum(share * risk**power for share, risk in zip(states, p.relative_risks, strict=True))
            demented = burn_in["dementia"][female, age]
            norm[female, age] = mean * (1 - demented + demented * p.relative_risk_dementia)
    return norm


def current_norm(model, rates):
    """Return the norm by sex and age group, from the living: the deaths by relative risk over those of the table."""
    p = model.parameters["mortality"]
    table, by_risk = {}, {}
    for person in model.people:
        if person.age >= 60:
            group, rate = age_group(person), rates[person.female][min(person.age, OLDEST_AGE)]
            table[group] = table.get(group, 0.0) + rate
            by_risk[group] = by_risk.get(group, 0.0) + rate * relative_risk(person, p)
    return {group: by_risk[group] / table[group] for group in table}


def age_group(person):
    return person.female, min(person.age, 95) // 5


def norm(model, person):
    """Return the current norm of the age group, or the starting one of the sex and age."""
    start = model.start_norm[person.female, min(person.age, OLDEST_AGE)]
    return model.norm.get(age_group(person), start)


def death_factor(person, p):
    factor = math.exp(p.unmet_effect * (person.unmet / FULL))
    return factor * p.lonely_risk if person.mood & LONELY and person.age < 80 else factor


def decade(person):
    return 60 if person.age < 70 else 70 if person.age < 80 else 80


def means_of_death(model):
    """Return by age how many times as many resident elders die because of unmet need and loneliness."""
    p, rates = model.parameters["mortality"], model.rates.deaths(year_of(model.month)).tolist()
    with_care, without = {60: 0.0, 70: 0.0, 80: 0.0}, {60: 0.0, 70: 0.0, 80: 0.0}
    for person in model.people:
        if person.resident_elder:
            rate = rates[person.female][min(person.age, OLDEST_AGE)]
            rate *= relative_risk(person, p) / norm(model, person)
            without[decade(person)] += rate
            with_care[decade(person)] += rate * death_factor(person, p)
    return {group: with_care[group] / without[group] if without[group] else 1.0 for group in without}


def mortality(model):
    """Let people die, kin too."""
    p = model.parameters["mortality"]
    year = year_of(model.month)
    rates = model.rates.deaths(year).tolist()
    if not p.normaliser_current:
        model.norm, model.norm_taken = {}, None
    elif model.norm_taken != (year, p):
        model.norm, model.norm_taken = current_norm(model, rates), (year, p)
        model.death_means = means_of_death(model)
    stream = model.luck.stream("mortality.death", model.month)
    dying = []
    for person in [*model.people, *model.kin]:
        age = person.age
        hazard = rates[person.female][min(age, OLDEST_AGE)] * p.rural_multiplier / 12
        if person.registered and age >= 60:
            hazard *= relative_risk(person, p) / norm(model, person)
        probability = chance(hazard)
        if person.resident_elder:
            probability = raised_by(probability, death_factor(person, p) / model.death_means[decade(person)])
        if model.luck.uniform(stream, person.key) < probability:
            dying.append(person)
    for person in dying:
        person.die()
    model.just_died = dying


def widowhood(model):
    """Leave the spouses of the dead widowed."""
    for dead in model.just_died:
        left, dead.spouse = dead.spouse, None
        if left is not None:
            left.spouse = None
            if left.alive:
                left.marital = WIDOWED
                left.widowed = model.month
