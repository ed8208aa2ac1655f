SELECT ensure_partitions(3);
