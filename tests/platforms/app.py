"""What a door needs, over services that a test has opened already."""

from dataclasses import replace
from random import Random

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.observability.health import Health
from bots.observability.metrics import Metrics
from bots.observability.observed import Observed
from bots.running import App


def app_over(services: Services, **changes: object) -> App:
    """The door's app, with some settings changed."""
    services = replace(services, settings=services.settings.model_copy(update=changes))
    metrics = Metrics()
    router = Observed(Router(services, receipts=True), metrics)
    return App(services, router, metrics, Health(), Random(0))  # noqa: S311
