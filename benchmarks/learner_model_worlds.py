"""Made-up learners who answer by other laws than our model's, so that it can be wrong.

Each world is a list of answers in the order of time, the same for the same seed.
"""

import math
from collections.abc import Callable, Iterator
from random import Random

from benchmarks.learner_model_rows import Answer

ITEMS, SKILLS = 120, 8
SESSION = 12  # answers without a break


def _turns(random: Random, learners: int, answers: int) -> Iterator[int]:
    """Whose answer is next: learners join over time and work in sessions."""
    left = [random.randint(answers // 2, answers * 3 // 2) for _ in range(learners)]
    present: list[int] = []
    waiting = list(range(learners))
    while waiting or present:
        if waiting and (not present or len(present) < 20 or random.random() < 0.05):
            present.append(waiting.pop(0))
        who = random.choice(present)
        for _ in range(min(SESSION, left[who])):
            yield who
            left[who] -= 1
        if not left[who]:
            present.remove(who)


def _answer(random: Random, who: int, item: int, skills: tuple[int, ...], chance: float) -> Answer:
    names = tuple(f"skill-{skill}" for skill in skills)
    return Answer(f"learner-{who}", f"item-{item}", names, float(random.random() < chance))


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def guessing(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """Three-parameter item response: items tell people apart unequally, and one may guess."""
    abilities = [random.gauss(0, 1.1) for _ in range(learners)]
    items = [
        (math.exp(random.gauss(0.2, 0.4)), random.gauss(0, 1.2), random.choice((0.0, 0.2, 0.25)))
        for _ in range(ITEMS)
    ]
    for who in _turns(random, learners, answers):
        item = random.randrange(ITEMS)
        slope, hardness, guess = items[item]
        knows = _logistic(slope * (abilities[who] - hardness))
        yield _answer(random, who, item, (item % SKILLS,), guess + (1 - guess) * knows)


def learning(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """Skills are known or not, and become known by practice: knowledge tracing, in course order."""
    paces = [random.betavariate(2, 8) for _ in range(learners)]
    slips = [(random.uniform(0.03, 0.25), random.uniform(0.05, 0.35)) for _ in range(ITEMS)]
    known: set[tuple[int, int]] = set()
    done = [0] * learners
    for who in _turns(random, learners, answers):
        skill = min(done[who] * SKILLS // answers, SKILLS - 1)
        item = skill + SKILLS * random.randrange(ITEMS // SKILLS)
        slip, guess = slips[item]
        yield _answer(random, who, item, (skill,), 1 - slip if (who, skill) in known else guess)
        done[who] += 1
        if random.random() < paces[who]:
            known.add((who, skill))


def forgetting(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """Practice helps less and less, and between sessions part of it is lost."""
    abilities = [random.gauss(-0.5, 0.7) for _ in range(learners)]
    keeps = [random.uniform(0.4, 0.9) for _ in range(learners)]
    hardness = [random.gauss(0, 1) for _ in range(ITEMS)]
    practice = [[0.0] * SKILLS for _ in range(learners)]
    last = -1
    for who in _turns(random, learners, answers):
        if who != last:
            practice[who] = [amount * keeps[who] for amount in practice[who]]
        last = who
        item = random.randrange(ITEMS)
        skill = item % SKILLS
        logit = abilities[who] + 0.8 * math.log1p(practice[who][skill]) - hardness[item]
        yield _answer(random, who, item, (skill,), _logistic(logit))
        practice[who][skill] += 1


def drifting(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """Items grow easier or harder while the course runs; now and then an author replaces one."""
    abilities = [random.gauss(0.8, 0.9) for _ in range(learners)]
    hardness = [random.gauss(0, 1) for _ in range(ITEMS)]
    for who in _turns(random, learners, answers):
        item = random.randrange(ITEMS)
        hardness[item] += random.gauss(0, 0.04)
        if random.random() < 0.001:
            hardness[item] = random.gauss(0, 1)
        chance = _logistic(abilities[who] - hardness[item])
        yield _answer(random, who, item, (item % SKILLS,), chance)


def correlated(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """People are good at some skills and bad at others; a third of the items needs two of them."""
    general = [random.gauss(0.5, 0.8) for _ in range(learners)]
    skilled = [[random.gauss(0, 0.9) for _ in range(SKILLS)] for _ in range(learners)]
    items = []
    for item in range(ITEMS):
        others = [skill for skill in range(SKILLS) if skill != item % SKILLS]
        second = (random.choice(others),) if item % 3 == 0 else ()
        items.append(((item % SKILLS, *second), random.gauss(0, 1)))
    for who in _turns(random, learners, answers):
        item = random.randrange(ITEMS)
        skills, hardness = items[item]
        weakest = min(skilled[who][skill] for skill in skills)
        yield _answer(random, who, item, skills, _logistic(general[who] + weakest - hardness))


def easy(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """A kind course: most answers are right, few learners, and many leave early."""
    abilities = [random.gauss(2.0, 0.8) for _ in range(learners)]
    hardness = [random.gauss(0, 0.8) for _ in range(ITEMS)]
    for who in _turns(random, learners, max(answers // 3, 4)):
        item = int(ITEMS * random.random() ** 2)
        chance = 0.97 * _logistic(abilities[who] - hardness[item])
        yield _answer(random, who, item, (item % SKILLS,), chance)


def sparse(random: Random, learners: int, answers: int) -> Iterator[Answer]:
    """Nearly as many items as answers, without skills, four right of five; most people leave."""
    abilities = [random.gauss(1.7, 1.0) for _ in range(learners)]
    hardness = [random.gauss(0, 1) for _ in range(learners * answers // 6)]
    for who in _turns(random, learners, max(answers // 3, 4)):
        item = int(len(hardness) * random.random() ** 1.5)
        yield _answer(random, who, item, (), _logistic(abilities[who] - hardness[item]))


WORLDS: dict[str, Callable[[Random, int, int], Iterator[Answer]]] = {
    "guessing": guessing,
    "learning": learning,
    "forgetting": forgetting,
    "drifting items": drifting,
    "correlated skills": correlated,
    "easy course": easy,
    "sparse items": sparse,
}
