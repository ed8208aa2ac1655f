"""Web pages: HTML, CSS and JavaScript, tested by assertions over the page they make."""

from domain.grading.web.evaluation import PageEvaluation, engine_paths

__all__ = ["PageEvaluation", "engine_paths"]
