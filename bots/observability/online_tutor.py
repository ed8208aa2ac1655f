"""Asking the tutor's services whether they know our keys and models: `stoa doctor --online`."""

from domain.operations.findings import Finding, good, problem
from domain.settings import Settings
from domain.tutoring.destinations import destinations, searcher
from tutor.models.configured import embedder, providers
from tutor.models.embedder import Embedder
from tutor.models.protocol import Misconfigured, ModelError, Provider

PATIENCE_S = 10.0


async def ask_models(settings: Settings) -> list[Finding]:
    """One question about each model, which costs nothing; no learner's word is sent."""
    findings = []
    searching = searcher(settings)
    for service in destinations(settings):
        asked: list[Provider | Embedder] = [*providers(settings, service)]
        if service == searching:
            asked.append(embedder(settings, service))
        for provider in asked:
            topic = f"{service.title} online"
            try:
                name = await provider.ask_name(timeout_s=PATIENCE_S)
                findings.append(good(topic, f"it knows the model {provider.model} ({name})."))
            except Misconfigured as error:
                text = f"it refuses {provider.model}: {error}. Check the key and the model's name."
                findings.append(problem(topic, text))
            except ModelError as error:
                text = f"it does not answer about {provider.model} ({error}). Try again later."
                findings.append(problem(topic, text))
            finally:
                await provider.close()
    return findings
