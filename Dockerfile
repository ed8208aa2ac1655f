# One image for the worker, the doors and the migrations; the command says which.
FROM python:3.13-bookworm

WORKDIR /srv/stoa
COPY . .
RUN make setup COMPILE=--compile

# The user nobody: PostgreSQL is elsewhere, and nothing here needs more than to be read.
USER 65534:65534
ENV HOME=/tmp PYTHONUNBUFFERED=1
STOPSIGNAL SIGTERM
ENTRYPOINT ["/srv/stoa/.venv/bin/stoa"]
CMD ["--help"]
