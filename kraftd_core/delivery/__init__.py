"""How a deliverable looks: the plan, the templates, the layout."""
