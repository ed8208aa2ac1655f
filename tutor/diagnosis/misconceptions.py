"""The catalogue: each cause belongs to a concept, and says which kind of change it asks for.

`bank` lists the entries of the "McMiner misconception bank" (MIT licence, copyright 2025 Erfan
Al-Hossami) that a cause covers. Entries about style, such as brackets around what is returned, make
no program fail and have no cause here; docs/tutor.md lists them.
"""

from dataclasses import dataclass

from domain.errors import N_
from tutor.diagnosis.concepts import CONCEPTS, Concept


@dataclass(frozen=True, slots=True)
class Misconception:
    """One kind of mistake.

    Args:
        concept: key of `CONCEPTS`.
        change: for the third rung: the kind of change, without the place.
        weight: how likely it is before anything ran, 0 to 1; from the literature's orders of
            frequency, coarse on purpose.
        bank: ids of the bank's entries it covers.
    """

    concept: str
    change: str
    weight: float = 0.4
    bank: tuple[int, ...] = ()

    @property
    def about(self) -> Concept:
        """The concept itself."""
        return CONCEPTS[self.concept]


_M = Misconception
MISCONCEPTIONS = {
    "boundary": _M("comparison", N_("Decide again to which side equal values belong."), 0.9),
    "reversed_comparison": _M("comparison", N_("Turn the comparison round."), 0.7),
    "wrong_comparison": _M("comparison", N_("Compare in another way."), 0.5),
    "identity": _M(
        "comparison", N_("Ask whether the values are equal, not whether they are one object."), 0.6
    ),
    "swapped_operands": _M("arguments", N_("Exchange the two sides."), 0.5),
    "reversed_condition": _M("logic", N_("Ask for the opposite."), 0.6),
    "and_or": _M("logic", N_("Join the conditions the other way."), 0.7, (46, 47)),
    "comparison_shared": _M("logic", N_("Write the whole comparison on both sides."), 0.8, (18,)),
    "condition_too_narrow": _M(
        "logic", N_("Ask for less: one of the conditions is too much."), 0.4
    ),
    "condition_too_wide": _M("logic", N_("Leave out one of the conditions."), 0.4),
    "true_or_false": _M("logic", N_("Say the opposite: true or false."), 0.5),
    "guard_order": _M("logic", N_("Put the safe check before the one that needs it."), 0.6),
    "wrong_condition": _M("logic", N_("Ask another question here, about other values."), 0.15),
    "branch_never": _M("branches", N_("Let this branch run in more cases."), 0.15),
    "branch_always": _M("branches", N_("Let this branch run in fewer cases."), 0.15),
    "if_or_elif": _M(
        "branches", N_("Decide whether both conditions may hold, or only one of them."), 0.5, (33,)
    ),
    "branch_order": _M("branches", N_("Ask for the special case before the general one."), 0.5),
    "missing_else": _M("branches", N_("Say what belongs to the other case."), 0.4, (32, 50)),
    "extra_else": _M("branches", N_("Take away the other case here."), 0.3),
    "empty_case": _M("empty", N_("Answer the empty input before anything else."), 0.6),
    "empty_test": _M("empty", N_("Ask for emptiness in a way that fits every kind of value."), 0.5),
    "empty_round": _M("empty", N_("Skip a round that has nothing to work on."), 0.4),
    "truth_of_number": _M("empty", N_("Say exactly which value you ask for."), 0.4, (4,)),
    "base_case": _M("recursion", N_("Add the case that is answered without another call."), 0.5),
    "recursive_step": _M("recursion", N_("Call it with something smaller."), 0.6, (3,)),
    "recursion_result_lost": _M("recursion", N_("Use what the inner call gives back."), 0.7, (51,)),
    "recursion_missing": _M("recursion", N_("Call the function again for what lies inside."), 0.5),
    "falls_off_the_end": _M("return", N_("Give an answer when the last line is reached."), 0.6),
    "missing_return": _M("return", N_("Give the result back instead of leaving it."), 0.7, (5, 51)),
    "missing_return_value": _M("return", N_("Say what is given back."), 0.7),
    "print_or_return": _M(
        "return", N_("Use the one the task asks for: print, or return."), 0.7, (11,)
    ),
    "return_in_loop": _M(
        "leaving", N_("Give the answer after the loop, not inside it."), 0.7, (32,)
    ),
    "else_in_loop": _M("leaving", N_("Decide this only after the last round."), 0.7),
    "stops_too_early": _M("leaving", N_("Go on here instead of stopping."), 0.4, (19,)),
    "does_not_stop": _M("leaving", N_("Stop the loop once it is found."), 0.4),
    "break_or_continue": _M(
        "leaving", N_("Decide whether this round ends, or the whole loop."), 0.5
    ),
    "wrong_result": _M("result", N_("Give back another value here."), 0.3),
    "result_off_by_one": _M(
        "result", N_("The answer is one too large or too small."), 0.5, (15, 60)
    ),
    "wrong_type": _M(
        "result", N_("Give the answer in the wanted kind: list, text or number."), 0.5, (44,)
    ),
    "rounding": _M("result", N_("Round the result as the task says."), 0.4),
    "starting_value": _M("start", N_("Start with another value."), 0.5, (24,)),
    "reset_in_loop": _M("start", N_("Set it once, before the loop."), 0.7),
    "not_reset": _M("start", N_("Set it anew in each round."), 0.4),
    "missing_start": _M("start", N_("Give it a value before it is used."), 0.7),
    "replaces_total": _M("running", N_("Decide: replace the old value, or add to it."), 0.5, (54,)),
    "update_sign": _M("running", N_("Look at the order of the two signs in the update."), 0.8),
    "counter_not_updated": _M("running", N_("Change the counter in every round."), 0.4, (23, 25)),
    "loop_never_moves": _M("running", N_("Let each round come closer to the end."), 0.6),
    "not_remembered": _M("running", N_("Remember the new value for the next comparison."), 0.5),
    "loop_bounds": _M("bounds", N_("Let the loop begin or end one step away."), 0.6, (1, 2)),
    "range_step": _M("bounds", N_("Say in which direction and how far the loop steps."), 0.5),
    "loop_direction": _M("bounds", N_("Walk through the values in another order."), 0.4),
    "range_or_list": _M("bounds", N_("Decide whether to walk over positions or over values."), 0.7),
    "loops_or_once": _M(
        "bounds", N_("Decide whether this runs once or again and again."), 0.3, (38, 41)
    ),
    "index_off_by_one": _M("index", N_("Take the neighbouring position."), 0.6, (15, 60, 66)),
    "swapped_indexes": _M("index", N_("Exchange the two positions."), 0.4),
    "wraps_around": _M("index", N_("Begin again at the front behind the last position."), 0.25),
    "unguarded_index": _M("index", N_("Check that the position exists before you use it."), 0.5),
    "wrong_index": _M(
        "index", N_("Take another position, such as the first or the last."), 0.4, (15, 60, 66)
    ),
    "value_or_position": _M(
        "index", N_("Use the value in place of its position, or the reverse."), 0.5
    ),
    "slice_bounds": _M("index", N_("Move one end of the slice."), 0.5, (60,)),
    "call_or_index": _M("calling", N_("Use the other kind of brackets."), 0.6, (22,)),
    "key_missing": _M("index", N_("Say what holds for a key that is not there yet."), 0.5),
    "off_by_one": _M(
        "arithmetic", N_("Make the number one larger or smaller, or begin elsewhere."), 0.5, (1, 15)
    ),
    "other_number": _M("arithmetic", N_("Use another number."), 0.2),
    "wrong_arithmetic": _M("arithmetic", N_("Calculate with another sign."), 0.5),
    "wrong_sign": _M("arithmetic", N_("Look at the sign of this value: plus or minus."), 0.25),
    "kind_of_division": _M("arithmetic", N_("Choose the other kind of division."), 0.7),
    "order_of_operations": _M(
        "arithmetic", N_("Put brackets around what comes first."), 0.6, (63, 64, 65)
    ),
    "extra_term": _M("arithmetic", N_("Leave one part of the calculation out."), 0.4),
    "text_or_number": _M(
        "types", N_("Turn the text into a number, or the number into a text."), 0.6, (34, 35)
    ),
    "quoted_name": _M("quotes", N_("Use the variable itself, not its name as a text."), 0.8, (57,)),
    "missing_quotes": _M("quotes", N_("Mark the text as a text."), 0.5),
    "missing_f": _M("quotes", N_("Say that values are put into this text."), 0.8),
    "fixed_value": _M("quotes", N_("Use what was typed in, not one fixed value."), 0.6),
    "value_not_shown": _M("shown", N_("Show the other part, too."), 0.5),
    "extra_output": _M("shown", N_("Show less here."), 0.65),
    "wording": _M("text", N_("Show the word that the task gives, letter for letter."), 0.5),
    "blanks": _M("text", N_("Look at the blanks between the parts."), 0.7),
    "punctuation": _M("text", N_("Look at the signs between the words."), 0.6),
    "capital_letters": _M("text", N_("Look at the capital and small letters."), 0.7),
    "lines_shown": _M("shown", N_("Decide what belongs on one line."), 0.6),
    "number_form": _M("shown", N_("Say how many digits the number is shown with."), 0.6),
    "element_or_list": _M(
        "lists", N_("Add one value, or a list with it: whichever fits here."), 0.6
    ),
    "nothing_collected": _M("lists", N_("Keep what each round finds."), 0.2),
    "rest_lost": _M("lists", N_("Keep what is left when the loop ends."), 0.5),
    "equal_values": _M("lists", N_("Let equal values count once."), 0.4),
    "length": _M("lists", N_("Use how many there are, not the values themselves."), 0.4),
    "method_gives_none": _M("calls", N_("Do not store what this method gives back."), 0.8, (37,)),
    "result_ignored": _M(
        "calls", N_("Keep the new value that the call gives."), 0.7, (5, 6, 7, 8, 9, 10, 34, 36)
    ),
    "other_method": _M("calls", N_("Use another method of it."), 0.5),
    "other_function": _M("calls", N_("Use another function here."), 0.4),
    "remove_by_position": _M("calls", N_("Decide: remove by position, or by value."), 0.6, (62,)),
    "needless_call": _M("calls", N_("Leave out a call that changes the value."), 0.3, (35, 49, 52)),
    "missing_call": _M("calling", N_("Call it, do not only name it."), 0.8, (21,)),
    "same_list_twice": _M("copies", N_("Work on a copy."), 0.4, (13, 55)),
    "shared_list": _M("copies", N_("Make a new list for each place."), 0.8, (61,)),
    "copy_first": _M("copies", N_("Copy what was given before you change it."), 0.3),
    "class_attribute": _M(
        "copies", N_("Make it anew for each object, where the object is made."), 0.8
    ),
    "changed_while_looping": _M(
        "copies", N_("Do not change the list that the loop walks over."), 0.5
    ),
    "mutable_default": _M(
        "copies", N_("Make the list in the function, not in its first line."), 0.8
    ),
    "wrong_variable": _M("names", N_("Use another of your variables here."), 0.4),
    "misspelt_name": _M("names", N_("Write the name exactly as where it was made."), 0.9, (56,)),
    "global_variable": _M("names", N_("Say where the variable of this name lives."), 0.6, (12, 14)),
    "overwritten_parameter": _M(
        "names", N_("Use the value that was given, do not replace it."), 0.8, (30,)
    ),
    "prepared": _M("arguments", N_("Bring what is given into the form that you need, first."), 0.2),
    "loop_hides_name": _M("names", N_("Give the loop variable a name of its own."), 0.6, (20,)),
    "missing_self": _M("names", N_("Say that it belongs to the object itself."), 0.6, (42, 43, 45)),
    "function_name": _M("names", N_("Give the function exactly the wanted name."), 0.9),
    "swapped_arguments": _M("arguments", N_("Exchange two arguments."), 0.5),
    "swapped_parameters": _M("arguments", N_("Exchange two parameters."), 0.5),
    "indentation": _M("order", N_("Move a line out of its block, or into it."), 0.6),
    "order_of_steps": _M("order", N_("Exchange two neighbouring steps."), 0.4),
    "swap_loses_value": _M("order", N_("Exchange the two values at once."), 0.8),
    "extra_statement": _M("order", N_("Leave one step out."), 0.25),
    "separator": _M("text", N_("Change what stands between the parts."), 0.4),
    "letter_case": _M("text", N_("Make capital and small letters count the same."), 0.4),
    "words_or_letters": _M("text", N_("Walk through words, or through letters: decide."), 0.4),
    "text_order": _M("text", N_("Join the parts in the other order."), 0.4),
    "prompt": _M("text", N_("Print only what the task asks for."), 0.5),
    "sort_order": _M("sorting", N_("Sort by another rule, or the other way round."), 0.5),
    "set_forgets_order": _M("sorting", N_("Use something that keeps the order."), 0.8),
    "unpacking": _M("sorting", N_("Give each round as many values as it takes apart."), 0.6),
    "compare_or_assign": _M(
        "storing", N_("Use the sign that stores, or the one that compares."), 0.9, (16,)
    ),
    "missing_colon": _M("blocks", N_("Add what every line that opens a block ends with."), 0.9),
    "unclosed": _M("pairs", N_("Close what was opened."), 0.9),
    "block_indentation": _M("blocks", N_("Let the lines of a block begin below each other."), 0.9),
    "missing_comma": _M("between", N_("Put between the two values what joins them."), 0.9),
    "print_brackets": _M("calling", N_("Put into brackets what it is called with."), 0.9),
    "other_signs": _M("signs", N_("Type these signs again, on the keyboard."), 0.9),
    "keyword": _M("reading", N_("Write the word as Python knows it."), 0.8, (17, 28)),
    "reserved_name": _M(
        "reading", N_("Choose a name that Python does not need for itself."), 0.8, (29,)
    ),
}


def weight(cause: str) -> float:
    """How likely a cause is before anything ran, 0 to 1."""
    return MISCONCEPTIONS[cause].weight
