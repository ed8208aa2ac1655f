"""What can be learned: courses, units, components, tags, languages and objectives."""
