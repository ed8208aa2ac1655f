"""What is true: rules, tables and use cases, without any chat platform."""
