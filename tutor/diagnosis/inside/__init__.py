"""What runs inside the sandbox, beside learner code."""
