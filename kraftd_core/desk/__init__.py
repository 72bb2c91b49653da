"""The verbs that pages, routes and the command line call, stage by stage."""
