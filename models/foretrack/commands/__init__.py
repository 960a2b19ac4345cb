"""One module a subcommand of `foretrack`: its documentation, `add_arguments` and `run`.

They only read arguments and call what does the work. `cli.COMMANDS` lists them.
"""
