"""Runs what learners wrote against tests, without trusting any of it.

Knows files, tests and limits; nothing of people or tables. Use:

    task = task_from_files(challenge_yaml, cases_yaml, {"test_x.py": text})
    async with Grader() as grader:
        result = await grader.grade(task, {"two_fer.py": source})
"""

from domain.grading.grader import Grader, describe_layers
from domain.grading.model import (
    OUTPUT_SHOWN,
    Json,
    Language,
    Layer,
    Limits,
    Mode,
    Note,
    Result,
    SandboxError,
    SandboxUnsafe,
    Status,
    Task,
    TestCase,
    TestResult,
    TestStatus,
)
from domain.grading.tasks import Problem, TaskError, task_from_files, task_from_stored

__all__ = [
    "OUTPUT_SHOWN",
    "Grader",
    "Json",
    "Language",
    "Layer",
    "Limits",
    "Mode",
    "Note",
    "Problem",
    "Result",
    "SandboxError",
    "SandboxUnsafe",
    "Status",
    "Task",
    "TaskError",
    "TestCase",
    "TestResult",
    "TestStatus",
    "describe_layers",
    "task_from_files",
    "task_from_stored",
]
