"""Words that people use for the same act at work, so that a concrete story meets an abstract key point."""

from __future__ import annotations

from ai.language import ENGLISH
from ai.text import stem, words

MARK = "~"
RINGS = """
learn learned learnt realise realised realize realized lesson insight understood discovered noticed conclude
result outcome success succeeded succeed achieved worked finished delivered completed reached goal benefit
listen listened hear heard understand view opinion perspective reasons feelings
ask asked question questions enquired wondered clarify clarified find
tell told inform informed say said announce announced mention mentioned report reported raise raised spoke speak talk talked called rang wrote openly
immediately promptly quickly quick early straight soon minutes hour
admit admitted own owned responsibility responsible fault blame apologise apologised apologize sorry
fix fixed repair repaired restore restored correct corrected solve solved resolve resolved remedy replaced
check checked verify verified compare compared confirm confirmed measure measured timed counted test tested sure certain
data facts figures numbers evidence examples example statistics
explain explained show showed shown demonstrate reason why
agree agreed compromise consensus decide decided accept accepted settled
propose proposed suggest suggested offer offered proposal suggestion alternative alternatives option options instead
plan planned prepare prepared organise organised organize arranged schedule scheduled list priority priorities
start started begin began initiative initiated volunteered step stepped first
help helped support supported assist assisted mentor coached took over
colleague colleagues teammate teammates coworker team group crew others people everyone everybody
manager boss supervisor lead head superior
customer customers client clients user users guest patient patients
improve improved improvement better optimise optimised change changed adapt adapted adjust adjusted switched
calm calmly patiently respectful polite politely quietly privately
resist resisted resistance sceptical skeptical objection objections against reluctant refused doubts
refuse declined insisted stood principle principles honest honestly truth
prevent prevented avoid avoided again future next since afterwards always
practise practised practice practiced tried try rehearse rehearsed exercise
feedback criticism criticised review reviewed critique
problem problems issue issues trouble error errors mistake mistakes bug bugs defect failure
cause causes root origin because
satisfied happy pleased thanked grateful thank recommended
time deadline late
task tasks part share duty job
risk risks danger harm damage impact
meeting met gather gathered invited together
"""
RING_OF = {
    stem(word): MARK + line.split()[0]
    for line in reversed(RINGS.strip().splitlines())
    for word in line.split()
}


def concept(word: str) -> str:
    """Return the ring that a lower-case word belongs to, or else its stem."""
    return RING_OF.get(stem(word), stem(word))


def concepts(text: str) -> set[str]:
    """Return the concepts of the meaningful words of a text."""
    return {concept(word) for word in words(text) if word not in ENGLISH and len(word) > 1}
