"""The subcommands of `stoa`, a module each: `add_parser(subparsers)`, `run(args, settings)`."""
