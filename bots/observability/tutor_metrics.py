"""What the tutor's turns took, by the service that was asked: counters and histograms."""

from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Histogram

from tutor.offline import PROVIDER
from tutor.question import Ended

# Seconds. A model has 6 s for its first word and 20 s in all.
WAITS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 30.0)


class TutorMetrics:
    """Turns, tokens, waits and stopped leaks. A provider is "gemini", "server" or "offline"."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._turns = Counter(
            "stoa_tutor_turns",
            "Questions answered, by who was asked last and why no model's words were shown.",
            ("provider", "result"),
            registry=registry,
        )
        self._tokens = Counter(
            "stoa_tutor_tokens",
            "Tokens of all tries; those that were cached are part of the prompt's.",
            ("provider", "kind"),
            registry=registry,
        )
        self._leaks = Counter(
            "stoa_tutor_leaks_stopped",
            "Replies of models that the guard stopped.",
            ("provider",),
            registry=registry,
        )
        self._first = Histogram(
            "stoa_tutor_first_text_seconds",
            "From the question to a model's first text.",
            ("provider",),
            buckets=WAITS,
            registry=registry,
        )
        self._whole = Histogram(
            "stoa_tutor_answer_seconds",
            "From the question to the whole answer.",
            ("provider",),
            buckets=WAITS,
            registry=registry,
        )

    def answered(self, ended: Ended) -> None:
        """One question is answered, by whomever."""
        answered = ended.answered
        provider = _word(ended.asked.provider if ended.asked is not None else PROVIDER)
        result = answered.reason.partition(":")[0] or "answered"
        self._turns.labels(provider, result).inc()
        self._whole.labels(provider).observe(answered.ms / 1000)
        if answered.first_ms is not None:
            self._first.labels(provider).observe(answered.first_ms / 1000)
        if ended.leaks:
            self._leaks.labels(provider).inc(ended.leaks)
        for bill in ended.bills:
            whose = _word(bill.source.provider) if bill.source is not None else provider
            for kind, tokens in asdict(bill.usage).items():
                self._tokens.labels(whose, kind).inc(tokens)


def _word(key: str) -> str:
    """The kind of a service; its address is left out."""
    return key.partition(":")[0]
