"""What the tutor's models need, as far as it can be told without asking anybody."""

from domain.operations.findings import Finding, good, note
from domain.settings import Settings
from domain.tutoring.destinations import destinations, searcher


def look_at_tutor(settings: Settings) -> list[Finding]:
    """Each service with its models, and what the learners' words become there; never a key."""
    services = destinations(settings)
    if not services:
        text = "works without a model, because neither STOA_GEMINI_API_KEY nor "
        return [note("Tutor", f"{text}STOA_TUTOR_SERVER_URL is set.")]
    findings = []
    for service in services:
        if service.form == "gemini":
            key = "STOA_GEMINI_API_KEY is set"
        elif settings.tutor_server_key is not None:
            key = "STOA_TUTOR_SERVER_KEY is set"
        else:
            key = "without a key"
        findings.append(good("Tutor", f"{service.title}, {key}: {', then '.join(service.models)}."))
        if service.trains:
            which = "GEMINI" if service.form == "gemini" else "TUTOR_SERVER"
            text = (
                f"{service.title} may train on what learners write, so each of them is asked "
                f"first. If its terms exclude that: STOA_{which}_TRAINS_ON_CONTENT=false"
            )
            findings.append(note("Tutor", text))
    findings.append(_search(settings))
    limits = (
        f"{settings.tutor_hearts} answers of a model per learner and course, one back every "
        f"{settings.tutor_heart_minutes} minutes; {settings.tutor_community_tokens} tokens a day "
        f"per server or group, {settings.tutor_day_tokens} in all."
    )
    if settings.tutor_day_tokens == 0:
        return [*findings, note("Tutor", "STOA_TUTOR_DAY_TOKENS is 0: no model is ever asked.")]
    return [*findings, good("Tutor's budget", limits)]


def _search(settings: Settings) -> Finding:
    """Whether the course is searched by meaning, and what that sends."""
    found = searcher(settings)
    if found is None:
        text = "questions find passages by their words alone, because no model for vectors is set."
        return note("Search by meaning", text)
    text = (
        f"{found.title}, {found.embedding}. It gets the texts of all published courses, and "
        "questions of learners who agreed."
    )
    return good("Search by meaning", text)
