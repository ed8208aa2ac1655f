-- The first months; later ones are made daily by the worker.
SELECT ensure_partitions(3);
