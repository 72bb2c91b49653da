"""What few documents ask of the checks: names of their own, counts and instalments, rates that stand apart from a base."""
