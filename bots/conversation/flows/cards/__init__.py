"""Flash cards: reviewing, own ones, files in and out."""
