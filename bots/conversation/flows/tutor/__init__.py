"""Questions to the tutor, its answers, and what a learner agrees to."""
