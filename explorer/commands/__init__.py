"""The subcommands of `keyhole`, one module each, imported only when asked for so that `keyhole --help` is quick."""
