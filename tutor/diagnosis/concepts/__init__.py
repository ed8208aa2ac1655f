"""What there is to understand: for each concept a question, a sentence, and a worked example.

The examples are about other things than the exercises of the courses, and are never made from a
learner's program. They are short on purpose: one idea each.
"""

from tutor.diagnosis.concepts.concept import Concept
from tutor.diagnosis.concepts.signs import SIGNS
from tutor.diagnosis.concepts.steps import STEPS
from tutor.diagnosis.concepts.things import THINGS

__all__ = ["CONCEPTS", "Concept"]

CONCEPTS = {**STEPS, **THINGS, **SIGNS}
