"""The learner model: how able a person is and how hard an item is."""
